//go:build !unix

package run

import (
	"errors"
	"os"
)

func flock(*os.File) error { return errors.ErrUnsupported }

func flockShared(*os.File) error { return errors.ErrUnsupported }

func unlock(*os.File) error { return nil }
