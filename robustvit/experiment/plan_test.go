package experiment

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/backend"
)

// planned opens a small sweep below dir.
func planned(t *testing.T, dir string) *Sweep {
	t.Helper()
	o := Small()
	o.Train, o.Sets = 400, []string{"val", "imagenet-a"}
	setting, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	b, device, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	s := &Sweep{Dir: dir, Setting: setting, Backend: b, Device: device, Cache: data.CacheSize(64 << 20)}
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func find(t *testing.T, names ...string) []Experiment {
	t.Helper()
	var found []Experiment
	for _, name := range names {
		e, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, e)
	}
	return found
}

func plan(t *testing.T, s *Sweep, together bool, names ...string) []Line {
	t.Helper()
	lines, err := s.Plan(context.Background(), find(t, names...), together)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// count counts lines and jobs by stage.
func count(lines []Line) (perStage map[Stage]int, jobs map[string]int) {
	perStage, jobs = map[Stage]int{}, map[string]int{}
	for _, l := range lines {
		perStage[l.Stage]++
		for _, j := range l.Jobs {
			jobs[j]++
		}
	}
	return perStage, jobs
}

// TestPlanListsEachJobOnce: what two experiments share is one job, a model's sets
// are lines of their own or one, and planning writes nothing.
func TestPlanListsEachJobOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sweep")
	s := planned(t, dir)
	apart, together := plan(t, s, false, "controls", "calibration"), plan(t, s, true, "controls", "calibration")
	stages, jobs := count(apart)
	for job, n := range jobs {
		if n != 1 {
			t.Errorf("job %s stands in %d lines", job, n)
		}
	}
	// 7 arms; with the original 8 models, each measured on 2 sets and its maps.
	for stage, want := range map[Stage]int{Prepare: 1, Tune: 7, Score: 24, TuneChosen: 0, ScoreChosen: 0, Tell: 2} {
		if stages[stage] != want {
			t.Errorf("%d lines in stage %s, expected %d", stages[stage], stage, want)
		}
	}
	grouped, same := count(together)
	if grouped[Score] != 8 || len(same) != len(jobs) {
		t.Errorf("a line a model: %d lines of %d jobs, expected 8 of %d", grouped[Score], len(same), len(jobs))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("planning wrote %v", left)
	}
	if !slices.IsSortedFunc(apart, func(a, b Line) int { return int(a.Stage - b.Stage) }) {
		t.Error("lines are not in the order of their stages")
	}
}

// TestPlanOfEveryExperiment: all can be planned, and what they choose on
// validation images is left to later stages.
func TestPlanOfEveryExperiment(t *testing.T) {
	s := planned(t, filepath.Join(t.TempDir(), "sweep"))
	var names []string
	for _, e := range All() {
		if e.Name != samplesStudy.Name { // measures which training images the model gets right
			names = append(names, e.Name)
		}
	}
	lines := plan(t, s, false, names...)
	stages, _ := count(lines)
	// Of one base: 4 baselines on 2 sets, and at least one rate for cross-entropy alone.
	if stages[TuneChosen] < 1 || stages[ScoreChosen] < 2*(4+1) {
		t.Errorf("%d finetunings and %d measurements of chosen models", stages[TuneChosen], stages[ScoreChosen])
	}
	if stages[Tell] != len(names) {
		t.Errorf("%d pages, expected %d", stages[Tell], len(names))
	}
	for _, l := range lines {
		if l.Stage != Tell && l.Cost == (Cost{}) {
			t.Errorf("%v costs nothing", l.Jobs)
		}
	}
}

// TestPortionsPartTheChosenJobs: each chosen job falls to one portion, done or not.
func TestPortionsPartTheChosenJobs(t *testing.T) {
	var jobs []*Job
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		jobs = append(jobs, &Job{Stage: Score, Name: name, chosen: i != 2, Done: i%2 == 0})
	}
	seen := map[string]int{}
	for part := 1; part <= 3; part++ {
		stage, mine, err := parsePortion(portion{part, 3}.name(ScoreChosen))
		if err != nil || mine == nil {
			t.Fatal(mine, err)
		}
		for _, j := range mine.of(jobs, stage) {
			seen[j.Name]++
		}
	}
	for name, want := range map[string]int{"a": 1, "b": 1, "c": 0, "d": 1, "e": 1} {
		if seen[name] != want {
			t.Errorf("job %s is in %d portions, expected %d", name, seen[name], want)
		}
	}
}

// TestDoFaults: a name that is not there, and one that comes too early.
func TestDoFaults(t *testing.T) {
	s := planned(t, filepath.Join(t.TempDir(), "sweep"))
	for job, want := range map[string]string{
		"tune:nobody":       "plan them anew",
		"tune-chosen:3/2":   "PART from 1 to PARTS",
		"tune-chosen:1/2x":  "PART from 1 to PARTS",
		"tune-chosen:1/2":   "not chosen yet",
		"records:vit-0:val": "no job",
	} {
		err := s.Do(context.Background(), find(t, "baselines"), job)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, expected %q in it", job, err, want)
		}
	}
}
