package explain_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/explain"
)

func TestClass(t *testing.T) {
	path := filepath.Join(folder(t), "wide.png")
	for _, c := range []struct {
		asked string
		class int
		fault string
	}{
		{"sock", 3, ""}, {"SOCK", 3, ""}, {"potter's wheel", 4, ""}, {"Great White", 1, ""}, {"great white", 2, ""},
		{"2", 2, ""}, {"7", 5, ""}, // a class of that name wins over the index
		{"9", 0, "outside"}, {"-1", 0, "outside"}, {"wheel", 0, "potter's wheel"}, {"GREAT WHITE", 0, "near it"}, {"dog", 0, "tench"},
	} {
		job := tinyJob(t, path)
		job.Class, job.After = c.asked, nil
		result, err := explain.Run(context.Background(), job)
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("class %q: error %v, want one with %q", c.asked, err, c.fault)
			}
			continue
		}
		if err != nil {
			t.Errorf("class %q: %v", c.asked, err)
			continue
		}
		if got := result.Images[0].Views[explain.Before].Explained.Class; got != c.class || result.Target == "" {
			t.Errorf("class %q explained %d (target %q), want %d", c.asked, got, result.Target, c.class)
		}
	}
}

func TestJobsThatCannotRun(t *testing.T) {
	path := filepath.Join(folder(t), "wide.png")
	other := tiny
	other.Depth = 1
	for name, c := range map[string]struct {
		change func(*explain.Job)
		want   string
	}{
		"protocol":      {func(j *explain.Job) { j.Protocol = "nativ" }, `protocol "nativ" is unknown`},
		"another model": {func(j *explain.Job) { j.After = tinyModel(t, "other.safetensors", other, 1) }, "other.safetensors"},
		"no model":      {func(j *explain.Job) { j.Before = nil }, "no model"},
	} {
		job := tinyJob(t, path)
		c.change(&job)
		if _, err := explain.Run(context.Background(), job); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
		if _, err := os.Stat(job.Dir); err == nil {
			t.Errorf("%s: a folder was made", name)
		}
	}
}
