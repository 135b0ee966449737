package experiment

import (
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/robustvit/pool"
)

// planner notes what the experiments would make and measure.
type planner struct {
	pool       *pool.Pool
	setting    *Setting
	experiment string // whose points are being noted
	jobs       []*Job
	byName     map[string]*Job
	undecided  []wanted
}

// wanted is a point with what is measured of it.
type wanted struct {
	point      Point
	what       Measure
	experiment string
}

// planner goes over the experiments without making any of their points.
func (s *Sweep) planner(ctx context.Context, experiments []Experiment) (*planner, error) {
	p := &planner{pool: s.pool, setting: s.Setting, byName: map[string]*Job{}}
	w := &Work{Setting: s.Setting, Pool: s.pool, Parallel: 1, Listen: s.Listen, planner: p}
	for _, e := range experiments {
		p.experiment = e.Name
		points, err := e.Points(ctx, w)
		if err == nil {
			err = p.add(points, e.Measure)
		}
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", e.Name, err)
		}
	}
	return p, nil
}

// add notes points.
func (p *planner) add(points []Point, what Measure) error {
	for _, point := range points {
		if point.Choice == Undecided {
			p.undecided = append(p.undecided, wanted{point, what, p.experiment})
			continue
		}
		if err := p.point(point, what); err != nil {
			return err
		}
	}
	return nil
}

// there says whether the points are made and measured.
func (p *planner) there(points []Point, what Measure) (bool, error) {
	for _, point := range points {
		if !p.pool.Made(point.Spec) {
			return false, nil
		}
		all, err := p.setting.measurements(point, what)
		if err != nil {
			return false, err
		}
		for _, m := range all {
			if !p.pool.Measured(point.Spec, m.set, m.maps) {
				return false, nil
			}
		}
	}
	return true, nil
}

// point notes the jobs of a point.
func (p *planner) point(point Point, what Measure) error {
	s := point.Spec
	if s.Finetune != nil {
		if err := p.preparation(point); err != nil {
			return err
		}
		p.note(p.tuning(point))
	}
	all, err := p.setting.measurements(point, what)
	if err != nil {
		return err
	}
	for _, m := range all {
		j, err := p.scoring(point, m)
		if err != nil {
			return err
		}
		p.note(j)
	}
	return nil
}

// note adds a job once.
func (p *planner) note(j *Job) {
	if p.byName[j.Name] == nil {
		p.byName[j.Name] = j
		p.jobs = append(p.jobs, j)
	}
}

// preparation notes what a finetuning needs and shares with others.
func (p *planner) preparation(point Point) error {
	if point.Spec.KeepCorrect {
		j, err := p.scoring(before(point.Base), measurement{set: pool.TrainSet})
		if err != nil {
			return err
		}
		j.Stage = Prepare
		p.note(j)
	}
	folder, err := p.pool.MaskFolder(point.Spec)
	if err != nil || folder == "" {
		return err
	}
	c := point.Spec.Finetune
	p.note(&Job{Stage: Prepare, Name: "masks:" + folder, Experiment: p.experiment, Cost: Cost{Masked: len(c.Classes) * c.PerClass},
		Done: p.pool.MasksMade(folder), do: func(ctx context.Context) error { return p.pool.Masks(ctx, point.Spec) }})
	return nil
}

// tuning is the job that finetunes a point's model.
func (p *planner) tuning(point Point) *Job {
	s := point.Spec.Whole()
	n := steps(*s.Finetune)
	return &Job{Stage: Tune, Name: "tune:" + s.Folder(), Experiment: p.experiment, Model: s.Folder(), Cost: Cost{Steps: n, Trained: n * s.Finetune.Batch},
		Done: p.pool.Made(s), chosen: point.Choice == Decided, do: func(ctx context.Context) error { return p.pool.Make(ctx, s) }}
}

// scoring is the job that measures a point's model on a set.
func (p *planner) scoring(point Point, m measurement) (*Job, error) {
	n, err := images(point.Base, m)
	if err != nil {
		return nil, err
	}
	s := point.Spec
	j := &Job{Stage: Score, Name: fmt.Sprintf("records:%s:%s", s.Folder(), m.set), Experiment: p.experiment, Model: s.Folder(), Cost: Cost{Measured: n},
		Done: p.pool.Measured(s, m.set, m.maps), chosen: point.Choice == Decided,
		do: func(ctx context.Context) error { _, err := p.pool.Records(ctx, s, m.set); return err }}
	if m.maps {
		j.Name, j.Cost = fmt.Sprintf("maps:%s:%s", s.Folder(), m.set), Cost{Mapped: n}
		j.do = func(ctx context.Context) error { _, err := p.pool.Maps(ctx, s, m.set); return err }
	}
	return j, nil
}

// images is the size of a set; of the validation images, which are drawn later,
// the most that there may be.
func images(b *pool.Base, m measurement) (int, error) {
	switch m.set {
	case pool.ValidationSet:
		return pool.ValidationAtMost(b), nil
	case pool.TrainSet:
		d, err := b.Data.Train()
		if err != nil {
			return 0, err
		}
		return d.Len(), nil
	case pool.MapSet:
		d, err := b.Data.Segmentation()
		if err != nil || d == nil {
			return 0, err
		}
		return d.Len(), nil
	}
	d, err := b.Data.Set(m.set)
	if err != nil {
		return 0, err
	}
	return d.Len(), nil
}

// chosenTunings are the undecided points whose finetuning may be a new one, and
// not one of those that the choice is among.
func (p *planner) chosenTunings() []wanted {
	return slices.DeleteFunc(p.distinctUndecided(), func(u wanted) bool { return p.byName["tune:"+u.point.Spec.Whole().Folder()] != nil })
}

// distinctUndecided are the undecided points, each once.
func (p *planner) distinctUndecided() []wanted {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(p.undecided), func(u wanted) bool {
		known := seen[u.point.Name]
		seen[u.point.Name] = true
		return known
	})
}
