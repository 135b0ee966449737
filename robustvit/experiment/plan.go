package experiment

import (
	"context"
	"slices"
)

// Line is what one process of a planned sweep does: one job, or those of one
// model.
type Line struct {
	Stage       Stage
	Jobs        []string // in order; none = the experiment's page
	Experiments []string // that the process opens to find them
	Cost        Cost
}

// Plan lists what is left to do for the experiments, stage by stage, for
// processes that share nothing but the folder. Together puts a model's sets into
// one line; apart, each set is a line of its own. Where training images are
// chosen among those that the original gets right, planning may measure that.
func (s *Sweep) Plan(ctx context.Context, experiments []Experiment, together bool) ([]Line, error) {
	p, err := s.planner(ctx, experiments)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, stage := range []Stage{Prepare, Tune, Score} {
		lines = append(lines, p.lines(stage, together && stage == Score)...)
	}
	for _, stage := range []Stage{TuneChosen, ScoreChosen} {
		shares, err := p.shares(stage, together)
		if err != nil {
			return nil, err
		}
		lines = append(lines, shares...)
	}
	for _, e := range experiments {
		lines = append(lines, Line{Stage: Tell, Experiments: []string{e.Name}})
	}
	return lines, nil
}

// lines are the jobs of a stage that are not done.
func (p *planner) lines(stage Stage, together bool) []Line {
	var lines []Line
	at := map[string]int{} // by model
	for _, j := range p.jobs {
		if j.Stage != stage || j.Done {
			continue
		}
		i, known := at[j.Model]
		if !together || !known {
			i = len(lines)
			at[j.Model], lines = i, append(lines, Line{Stage: stage})
		}
		l := &lines[i]
		l.Jobs, l.Cost = append(l.Jobs, j.Name), l.Cost.Plus(j.Cost)
		if !slices.Contains(l.Experiments, j.Experiment) {
			l.Experiments = append(l.Experiments, j.Experiment)
		}
	}
	return lines
}

// shares are the lines of models that validation images will choose: as many as
// there are models or, apart, records. What the choice is among costs alike.
func (p *planner) shares(stage Stage, together bool) ([]Line, error) {
	undecided := p.distinctUndecided()
	if stage == TuneChosen {
		undecided = p.chosenTunings()
	}
	var costs []Cost
	var experiments []string
	for _, u := range p.undecided {
		if !slices.Contains(experiments, u.experiment) {
			experiments = append(experiments, u.experiment)
		}
	}
	for _, u := range undecided {
		each, err := p.costs(u, stage, together)
		if err != nil {
			return nil, err
		}
		costs = append(costs, each...)
	}
	var lines []Line
	for i, cost := range costs {
		lines = append(lines, Line{Stage: stage, Jobs: []string{portion{i + 1, len(costs)}.name(stage)}, Experiments: experiments, Cost: cost})
	}
	return lines, nil
}

// costs are those of an undecided point's jobs.
func (p *planner) costs(u wanted, stage Stage, together bool) ([]Cost, error) {
	if stage == TuneChosen {
		return []Cost{p.tuning(u.point).Cost}, nil
	}
	all, err := p.setting.measurements(u.point, u.what)
	if err != nil {
		return nil, err
	}
	var costs []Cost
	var sum Cost
	for _, m := range all {
		j, err := p.scoring(u.point, m)
		if err != nil {
			return nil, err
		}
		costs, sum = append(costs, j.Cost), sum.Plus(j.Cost)
	}
	if together {
		return []Cost{sum}, nil
	}
	return costs, nil
}
