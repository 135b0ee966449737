package inspect

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/robustvit/run"
)

// runFolder says what a run has done so far.
func (f *Finding) runFolder() error {
	r, err := run.Open(f.Path)
	if err != nil {
		return err
	}
	var config struct {
		Kind    string `json:"kind"`
		Data    string `json:"data"`
		Backend string `json:"backend"`
	}
	if err := r.Config(&config); err != nil {
		return err
	}
	f.Kind = "run folder"
	f.add("run", "%s on %s", config.Kind, config.Data)
	f.add("backend", "%s", config.Backend)
	state := "not finished; the same command goes on"
	if r.IsDone() {
		state = "finished"
	}
	f.add("state", "%s", state)
	if r.Has(run.LogFile) {
		steps, err := run.ReadLines[struct {
			Step int `json:"step"`
		}](r, run.LogFile)
		if err != nil {
			return err
		}
		if len(steps) > 0 {
			f.add("steps", "%d", steps[len(steps)-1].Step)
		}
	}
	if _, at, warnings, err := r.Latest(); err == nil && at.Step > 0 {
		f.add("last checkpoint", "step %d", at.Step)
		for _, w := range warnings {
			f.add("warning", "%s", w)
		}
	}
	return f.files()
}

// files lists the folder's files and folders.
func (f *Finding) files() error {
	entries, err := os.ReadDir(f.Path)
	if err != nil {
		return fmt.Errorf("inspect %q: %w", f.Path, err)
	}
	list := Table{Title: "Files", Columns: []string{"name", "bytes"}}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		size := "folder"
		if info, err := e.Info(); err == nil && !e.IsDir() {
			size = fmt.Sprint(info.Size())
		}
		list.Rows = append(list.Rows, []string{e.Name(), size})
	}
	f.Lists = append(f.Lists, list)
	return nil
}

// dataFolder opens it as data: its error says what is missing.
func (f *Finding) dataFolder() error {
	c, err := recipe.OpenData(f.Path, recipe.DataOptions{})
	if err != nil {
		return err
	}
	f.Kind = "data"
	if set, err := c.Segmentation(); err == nil && len(c.Classes()) == 0 {
		f.add("segmentation test set", "%d pictures with masks", set.Len())
		return nil
	}
	f.add("classes", "%d (%s)", len(c.Classes()), short(strings.Join(c.Classes(), ", ")))
	list := Table{Title: "Sets", Columns: []string{"set", "images"}}
	if train, err := c.Train(); err == nil && train != nil {
		list.Rows = append(list.Rows, []string{filepath.Base(train.Name()), fmt.Sprint(train.Len())})
	}
	for _, name := range c.SetNames() {
		set, err := c.Set(name)
		if err != nil {
			return err
		}
		if len(list.Rows) == 0 || list.Rows[0][0] != name {
			list.Rows = append(list.Rows, []string{name, fmt.Sprint(set.Len())})
		}
	}
	f.Lists = append(f.Lists, list)
	return nil
}
