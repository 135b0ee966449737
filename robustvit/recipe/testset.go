package recipe

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/gtsegs"
)

// isMatlab goes by the name: what is in the file is for the reader to say.
func isMatlab(source string) bool { return strings.EqualFold(filepath.Ext(source), ".mat") }

// isTestSet tells a segmentation test set alone, a .mat file or a flat folder of
// pictures with their masks beside, from sets with classes.
func isTestSet(source string) bool { return isMatlab(source) || data.IsFlat(source) }

func openTestSet(source string) (data.Collection, error) {
	if !isMatlab(source) {
		set, err := data.OpenFlat(source)
		if err != nil {
			return nil, err
		}
		return &testSet{set, source}, nil
	}
	set, err := gtsegs.Open(source)
	if err != nil {
		return nil, err
	}
	return &testSet{set, source}, nil
}

// testSet is a segmentation test set alone: pictures and masks without classes,
// so there is nothing to train on and no accuracy to measure.
type testSet struct {
	d      data.Dataset
	source string // as the user wrote it
}

func (s *testSet) Name() string                        { return filepath.Base(s.source) }
func (s *testSet) Classes() []string                   { return nil }
func (s *testSet) SetNames() []string                  { return nil }
func (s *testSet) Segmentation() (data.Dataset, error) { return s.d, nil }

// Train is an error.
func (s *testSet) Train() (data.Dataset, error) { return nil, s.onlyTest() }

// Set is an error: a set to evaluate has classes.
func (s *testSet) Set(string) (data.Dataset, error) { return nil, s.onlyTest() }

func (s *testSet) onlyTest() error {
	return fmt.Errorf("data %q has pictures and masks but no classes: nothing to train on and no accuracy to measure; "+
		"run the segmentation test on it: robustvit segment --data %s", s.source, s.source)
}
