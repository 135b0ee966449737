package recipe

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
)

// CheckOptions say how thoroughly data is looked at.
type CheckOptions struct {
	Quick bool                            // names only: nothing is decoded
	Done  func(set string, done, all int) // hears of the progress; may be nil
}

// Checked is what a check found.
type Checked struct {
	Dir    string      `json:"dir"`
	Quick  bool        `json:"quick,omitempty"`
	Sets   []SetReport `json:"sets"`
	Absent []string    `json:"absent,omitempty"` // published sets that are not there
}

// SetReport is one data set: what it holds, and which published set it is.
type SetReport struct {
	data.Report
	Recognised *imagenet.Facts `json:"recognised,omitempty"`
}

// Check looks at every set of a data folder: each image and mask is decoded, in
// parallel, or only the names are read.
func Check(ctx context.Context, dir string, o CheckOptions) (*Checked, error) {
	c, err := OpenData(dir, DataOptions{})
	if err != nil {
		return nil, err
	}
	checked := &Checked{Dir: dir, Quick: o.Quick}
	if found, ok := c.(*imagenet.Collection); ok {
		checked.Absent = found.Absent
	}
	sets, err := everySet(c)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		report := SetReport{Report: quickReport(set)}
		if !o.Quick {
			var listen func(done, all int)
			if o.Done != nil {
				listen = func(done, all int) { o.Done(set.Name(), done, all) }
			}
			if report.Report, err = data.CheckWith(ctx, set, listen); err != nil {
				return nil, err
			}
		}
		if facts, ok := imagenet.FactsOf(set); ok {
			report.Recognised = &facts
		}
		checked.Sets = append(checked.Sets, report)
	}
	return checked, nil
}

// everySet lists training set, evaluation sets and segmentation set, each once.
func everySet(c data.Collection) ([]data.Dataset, error) {
	var sets []data.Dataset
	add := func(d data.Dataset) {
		for _, other := range sets {
			if d == nil || d == other || d.Name() == other.Name() {
				return
			}
		}
		if d != nil {
			sets = append(sets, d)
		}
	}
	if train, err := c.Train(); err == nil { // evaluation sets may stand without
		add(train)
	}
	for _, name := range c.SetNames() {
		set, err := c.Set(name)
		if err != nil {
			return nil, err
		}
		add(set)
	}
	segmentation, err := c.Segmentation()
	if err == nil {
		add(segmentation)
	}
	return sets, err
}

// quickReport counts names.
func quickReport(d data.Dataset) data.Report {
	files := data.TallyOf(d)
	report := data.Report{Set: d.Name(), Listed: files.Listed, Used: files.Used, Skipped: files.Skipped, PerClass: make([]int, len(d.Classes()))}
	masks, knows := d.(interface{ HasMask(i int) bool })
	for i := range d.Len() {
		if class := d.Entry(i).Class; class != data.NoClass { // a test set alone has no classes
			report.PerClass[class]++
		}
		report.Indices = append(report.Indices, i)
		if knows && masks.HasMask(i) {
			report.Masks++
		}
	}
	return report
}

// Covered is the number of classes with a used sample.
func (r SetReport) Covered() int {
	n := 0
	for _, count := range r.PerClass {
		if count > 0 {
			n++
		}
	}
	return n
}

// Fault is an error where a sample cannot be used or a set is wrong; it shows
// the first reason.
func (c *Checked) Fault() error {
	refused, first := 0, data.Problem{}
	for _, r := range c.Sets {
		if len(r.Refused) > 0 && refused == 0 {
			first = r.Refused[0]
		}
		refused += len(r.Refused)
	}
	if refused > 0 {
		return fmt.Errorf("data %s: %d samples cannot be used; the first, %s: %s", c.Dir, refused, first.ID, first.Reason)
	}
	for _, r := range c.Sets {
		if r.Recognised != nil && len(r.Recognised.Faults) > 0 {
			return fmt.Errorf("data %s: %s (%s): %s", c.Dir, r.Set, r.Recognised.Kind, r.Recognised.Faults[0])
		}
	}
	return nil
}
