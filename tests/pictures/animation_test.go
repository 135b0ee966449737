package pictures

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
)

// checked is what `data check --json` says.
type checked struct {
	Sets []data.Report `json:"sets"`
}

// check runs `data check` on a folder and holds the sum of every set: no file
// is lost.
func check(t *testing.T, dir string, flags ...string) ([]data.Report, catalogue.Outcome) {
	t.Helper()
	o := catalogue.Run(t, nil, append([]string{"--json", "data", "check", dir}, flags...)...)
	var c checked
	if err := json.Unmarshal([]byte(o.Out), &c); err != nil {
		t.Fatalf("%v\n%s", err, o)
	}
	for _, r := range c.Sets {
		if r.Used+r.Skipped+len(r.Refused) != r.Listed {
			t.Errorf("%s: %d used, %d skipped, %d refused of %d listed", r.Set, r.Used, r.Skipped, len(r.Refused), r.Listed)
		}
	}
	return c.Sets, o
}

// TestAnimationsAreCounted: that their first frame is read [TestColoursArePillows] shows.
func TestAnimationsAreCounted(t *testing.T) {
	for file, animated := range map[string]bool{"animated.gif": true, "animated.png": true, "animated.webp": true,
		"plain.gif": false, "rgb.png": false, "lossless.webp": false} {
		catalogue.Case(t, "I4", "counted "+file, func(t *testing.T) {
			content, err := os.ReadFile(testdata("colour", file))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			path := write(t, dir, "a/"+file, content)
			info, err := data.InspectImage(path)
			if err != nil || info.Animated != animated {
				t.Errorf("%+v, %v", info, err)
			}
			want := 0
			if animated {
				want = 1
			}
			if sets, o := check(t, dir); o.Code != 0 || sets[0].Animated != want || sets[0].Used != 1 {
				t.Errorf("%+v\n%s", sets, o)
			}
			if o := catalogue.Run(t, nil, "inspect", path); o.Code != 0 || animated != contains(o.Out, "only the first frame is read") {
				t.Errorf("%s", o)
			}
		})
	}
}

// TestAnimationAsASample: the frames behind the first change nothing.
func TestAnimationAsASample(t *testing.T) {
	for _, ending := range []string{"gif", "webp"} {
		catalogue.Case(t, "I4", "prepared "+ending, func(t *testing.T) {
			sums := map[string]bool{}
			for _, file := range []string{"animated." + ending, "animated." + ending + ".want.png"} {
				o := catalogue.Run(t, nil, "--json", "prepare", testdata("colour", file), "--size", "32", "--out", t.TempDir()+"/seen.png")
				var prepared struct{ SHA256 string }
				if err := json.Unmarshal([]byte(o.Out), &prepared); err != nil {
					t.Fatalf("%v\n%s", err, o)
				}
				sums[prepared.SHA256] = true
			}
			if len(sums) != 1 {
				t.Error(fmt.Sprint("the model sees another picture than the first frame: ", sums))
			}
		})
	}
}
