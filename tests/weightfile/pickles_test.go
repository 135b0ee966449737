package weightfile

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/weightfiles"
)

// payload is a shell command and the file that is there when it ran.
func payload(t *testing.T) (command, marker string) {
	t.Helper()
	marker = filepath.Join(t.TempDir(), "ran")
	return "touch " + marker, marker
}

func absent(t *testing.T, marker string) {
	t.Helper()
	if _, err := os.Stat(marker); err == nil {
		t.Error("the payload ran")
	}
}

// TestHostileCheckpoints: convert names the forbidden class, and nothing runs.
func TestHostileCheckpoints(t *testing.T) {
	command, marker := payload(t)
	for _, c := range weightfiles.Checkpoints(command) {
		catalogue.Case(t, "W5", c.Name, func(t *testing.T) {
			path := put(t, "model.pth", c.Bytes)
			args := taking(t, "convert", path)
			catalogue.Refused(t, append(c.Words, path), args...)
			absent(t, marker)
			absent(t, args[len(args)-1])
		})
	}
}

// TestHostileArchives: NumPy archives through convert.
func TestHostileArchives(t *testing.T) {
	for _, c := range weightfiles.Arrays() {
		catalogue.Case(t, "W5", "npz, "+c.Name, func(t *testing.T) {
			path := put(t, "weights.npz", c.Bytes)
			catalogue.Refused(t, append(c.Words, path), taking(t, "convert", path)...)
		})
	}
}

// TestForeignFiles: other kinds under a name that claims safetensors.
func TestForeignFiles(t *testing.T) {
	for _, c := range weightfiles.Foreign() {
		catalogue.Case(t, "W5", "named .safetensors, "+c.Name, func(t *testing.T) {
			path := put(t, "weights.safetensors", c.Bytes)
			catalogue.Refused(t, append(c.Words, path), taking(t, "evaluate", path)...)
		})
	}
}

// TestPicklesEverywhere: whatever its name, and whatever command it is given to.
func TestPicklesEverywhere(t *testing.T) {
	command, marker := payload(t)
	pickle := weightfiles.Pickles(command)[0]
	archive := weightfiles.Checkpoint(string(pickle.Bytes), weightfiles.Storages, zip.Store)
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"model.pth", archive},
		{"model.pt", pickle.Bytes},
		{"model.pth.tar", weightfiles.Legacy(string(pickle.Bytes), "123456")},
		{"zip.safetensors", archive},
		{"pickle.safetensors", pickle.Bytes},
		{"legacy.bin", weightfiles.Legacy(string(pickle.Bytes), "123456")},
		{"sound.pth", weightfiles.Checkpoint(weightfiles.Six, weightfiles.Storages, zip.Store)},
	} {
		for _, taker := range takers {
			if c.name == "sound.pth" && (taker == "convert" || taker == "inspect") {
				continue // they read it
			}
			catalogue.Case(t, "W5", taker+" "+c.name, func(t *testing.T) {
				path := put(t, c.name, c.content)
				catalogue.Refused(t, []string{path}, taking(t, taker, path)...)
				absent(t, marker)
			})
		}
	}
}
