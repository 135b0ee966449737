package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/fakehub"
)

// A disk fills up while weights are fetched: nothing has the file's name, what
// came stays, and with room again the same command fetches the rest alone.
func TestFetchOnAFullDisk(t *testing.T) {
	content, err := os.ReadFile(theTiny(t).path("whole/weights.safetensors"))
	must(t, err)
	for _, c := range []struct {
		name, size, file string
		rest             bool // the second start asks for what is missing
	}{
		{"fetched weights", "16k", "model.safetensors", true},
		{"the first byte of fetched weights", "4k", "model.safetensors", false},
	} {
		catalogue.Case(t, "S2", c.name, func(t *testing.T) {
			h, disk := fakehub.New(t), mounted(t, "size="+c.size)
			h.Content = content
			env := []string{"HF_ENDPOINT=" + h.Main.URL, "HF_TOKEN=", "HF_HUB_OFFLINE="}
			args := []string{"weights", "fetch", "owner/model", "--out", filepath.Join(disk, "out")}
			o := catalogue.Run(t, env, args...)
			catalogue.CheckRefused(t, o, "no space left on device", filepath.Join(disk, "out"), c.file, "free some space")
			if _, err := os.Stat(filepath.Join(disk, "out", c.file)); err == nil {
				t.Error("the file has its name before it is whole")
			}
			remount(t, disk, roomy)
			if o := catalogue.Run(t, env, args...); o.Code != 0 {
				t.Fatal(o)
			}
			got, err := os.ReadFile(filepath.Join(disk, "out", "model.safetensors"))
			if err != nil || string(got) != string(content) {
				t.Errorf("fetched %d bytes, expected %d; %v", len(got), len(content), err)
			}
			ranges := h.Ranges()
			if last := ranges[len(ranges)-1]; c.rest != strings.HasPrefix(last, "bytes=") || last == "bytes=0-" {
				t.Errorf("asked for the ranges %q", ranges)
			}
		})
	}
}
