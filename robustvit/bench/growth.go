package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/robustvit/workbench/robustvit"
)

// Growth is a step first-order of one small model with one size changed.
type Growth struct {
	Axis   string `json:"axis"`   // batch, image size, depth, classes
	Value  int    `json:"value"`  // of the axis
	Memory string `json:"memory"` // what saves memory: "", "rematerialise", "micro-batch 4"
	Result
}

// growthModel is the size around which each axis is varied.
const growthModel = "demo"

// microBatch is the part of a batch that is on the device at a time where
// memory is saved so.
const microBatch = 4

// growthAxes are the values of each axis and what they change.
var growthAxes = []struct {
	name   string
	values []int
	set    func(t *Task, value int)
}{
	{"batch", []int{4, 8, 16, 32, 64}, func(t *Task, n int) { t.Batch = n }},
	{"image size", []int{32, 64, 96, 128, 160}, func(t *Task, n int) { t.Variant.ImageSize = n }},
	{"depth", []int{2, 4, 8, 12}, func(t *Task, n int) { t.Variant.Depth = n }},
	{"classes", []int{10, 100, 1000, 10000}, func(t *Task, n int) { t.Variant.Classes = n }},
}

// memoryOptions are measured along the batch.
var memoryOptions = []struct {
	name   string
	memory robustvit.Memory
}{
	{"rematerialise", robustvit.Memory{Rematerialise: true}},
	{"micro-batch 4", robustvit.Memory{MicroBatch: microBatch}},
}

// growthPoint is one point of an axis and how it is measured.
type growthPoint struct {
	Growth
	task  Task
	peers []string
}

// growthPoints are all points. The peer is the lean step; what saves memory has none.
func growthPoints() ([]growthPoint, error) {
	v, err := lookupModel(growthModel)
	if err != nil {
		return nil, err
	}
	var points []growthPoint
	for _, axis := range growthAxes {
		for _, value := range axis.values {
			t := Task{Case: "step-first-order", Variant: v, Batch: 8}
			axis.set(&t, value)
			points = append(points, growthPoint{Growth{Axis: axis.name, Value: value}, t, []string{"lean"}})
			if axis.name != "batch" {
				continue
			}
			for _, option := range memoryOptions {
				t.Memory = option.memory
				points = append(points, growthPoint{Growth{Axis: axis.name, Value: value, Memory: option.name}, t, nil})
			}
		}
	}
	return points, nil
}

// growth measures all points.
func (b *bench) growth(ctx context.Context) error {
	points, err := growthPoints()
	if err != nil {
		return err
	}
	var faults []error
	for _, point := range points {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		faults = append(faults, b.grow(ctx, point))
	}
	return errors.Join(faults...)
}

func (b *bench) grow(ctx context.Context, point growthPoint) error {
	b.phase("growth: " + point.title())
	t := point.task
	t.Threads, t.Device = runtime.NumCPU(), b.device
	results, fault := b.compare(ctx, Case{Title: "step first-order", Peers: point.peers}, t)
	for _, r := range results {
		point.Result = r
		point.Case = point.title()
		b.results.Growth = append(b.results.Growth, point.Growth)
	}
	return errors.Join(fault, b.keep())
}

func (g Growth) title() string {
	title := fmt.Sprintf("%s %d", g.Axis, g.Value)
	if g.Memory != "" {
		title += ", " + g.Memory
	}
	return title
}
