package weights

import (
	"fmt"
	"strings"
)

// Fault is the error for a weights file that is not what it should be. It says
// which file (as the user wrote it), which tensor and field, what was found,
// what was expected and what to do next.
type Fault struct {
	File     string // as the user wrote it
	Tensor   string // empty where the fault is not about one tensor
	Field    string // "shape", "data_offsets", "header length", ...
	Found    string
	Expected string
	Next     string // next step for the user
}

// damaged is the next step for files that break the format.
const damaged = "the file is damaged or not safetensors: download or export it again"

// Error puts the fault into one line.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "weights file %q", f.File)
	if f.Tensor != "" {
		fmt.Fprintf(&b, ": tensor %s", brief(f.Tensor))
	}
	if f.Field != "" {
		fmt.Fprintf(&b, ": %s", f.Field)
	}
	if f.Found != "" {
		fmt.Fprintf(&b, ": found %s", f.Found)
	}
	if f.Expected != "" {
		fmt.Fprintf(&b, ", expected %s", f.Expected)
	}
	if f.Next != "" {
		fmt.Fprintf(&b, "; %s", f.Next)
	}
	return b.String()
}

// brief quotes a string that came from a file: escaped and at most 80 bytes,
// so that a hostile name can neither flood nor steer a terminal.
func brief(s string) string {
	if len(s) > 80 {
		return fmt.Sprintf("%q... (%d bytes)", s[:77], len(s))
	}
	return fmt.Sprintf("%q", s)
}
