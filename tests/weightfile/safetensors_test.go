package weightfile

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/weightfiles"
)

// TestMalformedSafetensors: an error names file, tensor and field; bounded time and memory.
func TestMalformedSafetensors(t *testing.T) {
	for _, c := range weightfiles.Safetensors() {
		catalogue.Case(t, "W1", c.Name, func(t *testing.T) {
			path := put(t, "weights.safetensors", c.Bytes)
			catalogue.Refused(t, append(c.Words, path), "inspect", path)
		})
	}
}

// TestSparseFile: a file may announce any size without taking room.
func TestSparseFile(t *testing.T) {
	catalogue.Case(t, "W1", "a tebibyte of nothing", func(t *testing.T) {
		const size = 1 << 40
		header := weightfiles.Pack(weightfiles.One(`"U8"`, fmt.Sprintf("[%d]", size), fmt.Sprintf("[0,%d]", size)), 0)
		path := put(t, "weights.safetensors", header)
		if err := os.Truncate(path, int64(len(header)+size)); err != nil {
			t.Skip("the file system has no sparse files of this size")
		}
		catalogue.Refused(t, []string{path, "length"}, "inspect", path)
	})
}

// TestOddSafetensors: what the format allows is read, and what it says is
// printed without steering the terminal.
func TestOddSafetensors(t *testing.T) {
	for _, c := range weightfiles.Valid() {
		catalogue.Case(t, "W1", "valid, "+c.Name, func(t *testing.T) {
			path := put(t, "weights.safetensors", c.Bytes)
			got := catalogue.Run(t, nil, "inspect", path)
			if got.Code != 0 {
				t.Fatalf("refused: %v", got)
			}
			for _, word := range c.Words {
				if !strings.Contains(got.Out, word) {
					t.Errorf("the output lacks %q:\n%s", word, got.Out)
				}
			}
			if strings.ContainsAny(got.Out, "\x1b\u202e\x07") {
				t.Errorf("the output steers the terminal: %q", got.Out)
			}
		})
	}
}
