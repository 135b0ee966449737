package pictures

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/images"
)

// TestHostileImages: each is refused by name, soon and in little memory, and
// nothing is written for it.
func TestHostileImages(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "seen.png")
	for _, file := range images.All(t) {
		catalogue.Case(t, "I1", file.Name, func(t *testing.T) {
			os.Remove(out)
			path := write(t, dir, file.Name, file.Content)
			catalogue.Refused(t, append(file.Says, path), "prepare", path, "--out", out)
			if _, err := os.Stat(out); err == nil {
				t.Error("a picture was written for it")
			}
			os.Remove(path)
		})
	}
}

// TestSoundImages: the files that the hostile ones are made of are taken.
func TestSoundImages(t *testing.T) {
	dir := t.TempDir()
	for ending, content := range images.Sound(t) {
		path := write(t, dir, "sound."+ending, content)
		if o := catalogue.Run(t, nil, "prepare", path, "--out", filepath.Join(dir, "seen.png")); o.Code != 0 {
			t.Errorf("%s: %s", ending, o)
		}
	}
}
