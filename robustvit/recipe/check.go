package recipe

import (
	"context"
	"errors"
	"fmt"

	"github.com/robustvit/workbench/data"
)

// Check reads every sample of every set of a data folder or .mat file.
func Check(ctx context.Context, dir string) ([]data.Report, error) {
	c, err := OpenData(dir, DataOptions{})
	if err != nil {
		return nil, err
	}
	sets, err := allSets(c)
	if err != nil {
		return nil, err
	}
	var reports []data.Report
	for _, set := range sets {
		report, err := data.Check(ctx, set)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

// allSets are the training set, the evaluation sets, or a test set alone.
func allSets(c data.Collection) ([]data.Dataset, error) {
	if only, ok := c.(*testSet); ok {
		return []data.Dataset{only.d}, nil
	}
	train, err := c.Train()
	var sets []data.Dataset
	if err == nil {
		sets = append(sets, train)
	} else if !errors.Is(err, data.ErrNoTraining) {
		return nil, err
	}
	for _, name := range c.SetNames() {
		set, err := c.Set(name)
		if err != nil {
			return nil, err
		}
		if set != train {
			sets = append(sets, set)
		}
	}
	return sets, nil
}

// Refused is an error where a sample cannot be used; it shows the first reason.
func Refused(dir string, reports []data.Report) error {
	refused, first := 0, data.Problem{}
	for _, r := range reports {
		if len(r.Refused) > 0 && refused == 0 {
			first = r.Refused[0]
		}
		refused += len(r.Refused)
	}
	if refused == 0 {
		return nil
	}
	return fmt.Errorf("data %s: %d samples cannot be used; the first, %s: %s", dir, refused, first.ID, first.Reason)
}
