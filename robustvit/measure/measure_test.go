package measure

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

func TestFreeNames(t *testing.T) {
	var job Job
	for _, want := range []string{"a", "a-2", "a-3"} {
		got := job.free("a")
		if got != want {
			t.Errorf("got %q, expected %q", got, want)
		}
		job.Config.Models = append(job.Config.Models, Model{Name: got})
	}
}

func TestWriteCSV(t *testing.T) {
	r := Results{Models: []Model{{Name: "a"}, {Name: "b"}}, Sets: []Set{{
		Name: "val", Top1: map[string]evaluate.Rate{"a": evaluate.NewRate(1, 4), "b": evaluate.NewRate(2, 4)},
		Top5: map[string]evaluate.Rate{}, Delta: map[string]evaluate.Difference{"b": {Points: 25, Low: -10, High: 60}},
	}}}
	var b strings.Builder
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "val,a,4,25.00,") || !strings.HasSuffix(lines[1], ",,,") || !strings.HasSuffix(lines[2], ",25.00,-10.00,60.00") {
		t.Errorf("\n%s", b.String())
	}
}
