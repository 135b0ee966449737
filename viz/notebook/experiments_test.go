package notebook

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/viz"
)

// The small form stays out of the sweep's folder: its settings are other ones.
func TestSweep(t *testing.T) {
	whole := filepath.Join("..", "runs", "sweep")
	if dir, o := Sweep(whole, false); dir != whole || !reflect.DeepEqual(o, experiment.Defaults()) {
		t.Errorf("in full: %s, %+v", dir, o)
	}
	dir, o := Sweep(whole+string(filepath.Separator), true)
	if dir != filepath.Join("..", "runs", "small") || o.PerSet >= experiment.Defaults().PerSet {
		t.Errorf("small: %s, %+v", dir, o)
	}
	if _, err := experiment.Open(o); err != nil {
		t.Errorf("small: %v", err)
	}
}

// A cell over several experiments says which is which.
func TestLead(t *testing.T) {
	got := lead(viz.Report{Title: "Controls", Subtitle: "How much is it?", Lead: []viz.Fragment{viz.Prose{"a"}}})
	if want := []viz.Fragment{viz.Prose{"Controls", "How much is it?"}, viz.Prose{"a"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestBegins(t *testing.T) {
	for _, c := range []struct {
		title string
		words []string
		want  bool
	}{
		{"R@1 (Table 4)", []string{"What", "R@1"}, true},
		{"R@1 (Table 4)", []string{"Table"}, false},
		{"R@1 (Table 4)", nil, true},
	} {
		if got := begins(c.title, c.words); got != c.want {
			t.Errorf("%q by %q: %v", c.title, c.words, got)
		}
	}
}

// What a cell asks for by name is open.
func TestUnfolded(t *testing.T) {
	inner := []viz.Fragment{viz.Prose{"a"}}
	folded := []viz.Fragment{viz.Details{Summary: "Show", Fragments: inner}}
	if got := unfolded(folded, []string{"R@5"}); !reflect.DeepEqual(got, inner) {
		t.Errorf("by name: %v", got)
	}
	if got := unfolded(folded, nil); !reflect.DeepEqual(got, folded) {
		t.Errorf("with all others: %v", got)
	}
}
