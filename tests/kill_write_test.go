package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// writing is a command that writes files into the folder out, where an earlier
// one has left others under the same names.
type writing struct {
	name          string
	before, after []string
}

func (k *kit) writings() []writing {
	var all []writing
	for _, format := range []string{"timm", "transformers", "npz"} {
		export := func(model string) []string {
			return []string{"export", "--weights", k.at(model), "--format", format, "--out", "out"}
		}
		all = append(all, writing{"export " + format, export("base"), export("tuned")})
	}
	explain := func(model string) []string {
		return []string{"explain", k.at("data/val"), "--weights", k.at(model), "--out", "out"}
	}
	report := func(colors string) []string { return []string{"report", "out", "--colormap", colors} }
	return append(all, writing{"explain", explain("base"), explain("tuned")}, writing{"report", report("jet"), report("viridis")})
}

// start is a new place with what the earlier command left.
func (w writing) start(t *testing.T, k *kit) string {
	t.Helper()
	template := k.at("before " + w.name)
	if _, err := os.Stat(template); err != nil {
		if err := os.Mkdir(template, 0o755); err != nil {
			t.Fatal(err)
		}
		if w.name == "report" {
			if err := os.CopyFS(filepath.Join(template, "out"), os.DirFS(k.at("tuned"))); err != nil {
				t.Fatal(err)
			}
		}
		works(t, template, nil, w.before...)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// K4: kill -9 while weights or a page are written over older ones: every file
// is absent, old or whole, and the next run leaves nothing else.
func TestKillWriting(t *testing.T) {
	k, rng, count := theKit(t), random("K4"), kills{}
	type ends struct{ before, after map[string]string }
	known := map[string]ends{}
	all := k.writings()
	for i := range catalogue.Cases("K4") {
		w := all[i%len(all)]
		catalogue.Case(t, "K4", fmt.Sprintf("%s %d", w.name, i), func(t *testing.T) {
			if _, ok := known[w.name]; !ok {
				dir := w.start(t, k)
				before := endState(t, filepath.Join(dir, "out"))
				works(t, dir, nil, w.after...)
				known[w.name] = ends{before, endState(t, filepath.Join(dir, "out"))}
			}
			want := known[w.name]
			dir, _ := count.until(t, w.after, func() string { return w.start(t, k) }, func(dir string, try int) moment {
				begun := changed(filepath.Join(dir, "out"), 1+rng.IntN(4>>min(try, 2)))
				return moment{begun, upTo(rng, 4*time.Millisecond>>try)}
			})
			out := filepath.Join(dir, "out")
			for _, path := range files(out, "[^.]*") {
				name, _ := filepath.Rel(out, path)
				if sum := sumOf(t, path); sum != want.before[name] && sum != want.after[name] && !clockedName(name) {
					t.Errorf("%s is neither the old file nor the new one", name)
				}
			}
			works(t, dir, nil, w.after...)
			sameEnd(t, want.after, out)
		})
	}
	t.Log(count)
}

// changed is the moment when something in a folder has changed so many times:
// temporary files come, files get other content or go.
func changed(dir string, times int) func() bool {
	look := func() string {
		state := ""
		for _, path := range files(dir, "*") {
			if info, err := os.Stat(path); err == nil && filepath.Base(path) != "lock" {
				state += fmt.Sprintln(path, info.ModTime().UnixNano())
			}
		}
		return state
	}
	last, seen := look(), 0
	return func() bool {
		if now := look(); now != last {
			last = now
			seen++
		}
		return seen >= times
	}
}
