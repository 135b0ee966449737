package experiment

import (
	"context"
	"fmt"
	"slices"
)

// Stage is a step of a plan. Jobs of one stage need nothing of each other; each
// may need what all stages before it left.
type Stage int

// The stages, in order.
const (
	Prepare     Stage = iota // what finetunings share: masks without labels, which training images the original gets right
	Tune                     // finetune the models that are known beforehand
	Score                    // measure them: a model on a set
	TuneChosen               // finetune the models whose settings validation images have chosen
	ScoreChosen              // measure those
	Tell                     // an experiment's page, from the records
)

var stageNames = []string{"prepare", "tune", "measure", "tune-chosen", "measure-chosen", "tell"}

// String is the stage's name in job names and files.
func (s Stage) String() string { return stageNames[s] }

// Job is a piece of a sweep that a process of its own does, on any machine that
// sees the sweep's folder. It is idempotent: what is there is not done again,
// what was interrupted goes on, and whoever finds it being done waits.
type Job struct {
	Stage      Stage
	Name       string // "tune:vit-0123456789ab", "records:vit-0123456789ab:val"
	Experiment string // the first that needs it
	Model      string // folder of the model, "" where the job is not of one
	Cost       Cost
	Done       bool // at the time of planning

	chosen bool // which one it is, validation images decide
	do     func(ctx context.Context) error
}

// Cost is what a job computes, in images but for the steps.
type Cost struct {
	Steps    int `json:"steps,omitempty"`    // of finetuning
	Trained  int `json:"trained,omitempty"`  // steps times batch
	Measured int `json:"measured,omitempty"` // classified
	Mapped   int `json:"mapped,omitempty"`   // relevance maps
	Masked   int `json:"masked,omitempty"`   // masks by TokenCut
}

// Plus is the cost of both.
func (c Cost) Plus(other Cost) Cost {
	return Cost{c.Steps + other.Steps, c.Trained + other.Trained, c.Measured + other.Measured, c.Mapped + other.Mapped, c.Masked + other.Masked}
}

// Do does the named job of a plan of the experiments. Jobs of models that
// validation images choose are not known beforehand: "tune-chosen:2/5" is the
// second of five shares of them, the same share in every process.
func (s *Sweep) Do(ctx context.Context, experiments []Experiment, name string) error {
	p, err := s.planner(ctx, experiments)
	if err != nil {
		return err
	}
	stage, mine, err := parsePortion(name)
	if err != nil {
		return err
	}
	if mine == nil {
		i := slices.IndexFunc(p.jobs, func(j *Job) bool { return j.Name == name })
		if i < 0 {
			return fmt.Errorf("these experiments and settings have no job %q; plan them anew", name)
		}
		return doJob(ctx, p.jobs[i])
	}
	if len(p.undecided) > 0 {
		return fmt.Errorf("job %q: the settings of %s are not chosen yet; its jobs come after those of the stages %s to %s", name, p.undecided[0].point.Name, Prepare, Score)
	}
	for _, j := range mine.of(p.jobs, stage) {
		if err := doJob(ctx, j); err != nil {
			return err
		}
	}
	return nil
}

func doJob(ctx context.Context, j *Job) error {
	if err := j.do(ctx); err != nil {
		return fmt.Errorf("job %s: %w", j.Name, err)
	}
	return nil
}

// portion is one of several equal parts of the chosen jobs.
type portion struct{ part, parts int }

// parsePortion reads "tune-chosen:2/5"; nil for the name of any other job.
func parsePortion(name string) (Stage, *portion, error) {
	for _, stage := range []Stage{TuneChosen, ScoreChosen} {
		var s portion
		if n, _ := fmt.Sscanf(name, stage.String()+":%d/%d", &s.part, &s.parts); n == 0 {
			continue
		}
		if s.part < 1 || s.part > s.parts || name != s.name(stage) {
			return 0, nil, fmt.Errorf("job %q: expected %s:PART/PARTS with PART from 1 to PARTS", name, stage)
		}
		return stage, &s, nil
	}
	return 0, nil, nil
}

func (s portion) name(stage Stage) string { return fmt.Sprintf("%s:%d/%d", stage, s.part, s.parts) }

// of are the portion's jobs. Done ones are counted too: others must not get
// another portion for it.
func (s portion) of(jobs []*Job, stage Stage) []*Job {
	kind := Score
	if stage == TuneChosen {
		kind = Tune
	}
	var mine []*Job
	n := 0
	for _, j := range jobs {
		if !j.chosen || j.Stage != kind {
			continue
		}
		if n%s.parts == s.part-1 {
			mine = append(mine, j)
		}
		n++
	}
	return mine
}
