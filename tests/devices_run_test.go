package tests

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/measure"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// TestResumeOnOtherDevices stops a run of two devices after an epoch and goes
// on with four: it ends where the unbroken run of one device ends.
func TestResumeOnOtherDevices(t *testing.T) {
	b, m := manyDevices(t)
	train, err := shapes.NewCollection(shapes.Options{TrainImages: 40, EvalImages: 1}).Train()
	if err != nil {
		t.Fatal(err)
	}
	job := func(dir string, devices int) finetune.Job {
		c := finetune.Embedded(m.Variant)
		c.Classes, c.PerClass, c.Epochs, c.Batch, c.SaveEvery, c.Devices = []int{0, 3, 7}, 2, 2, 4, 2, devices // 6 images: a batch of 4 and one of 2
		return finetune.Job{Config: c, Dir: dir, Backend: b, Model: m, Train: train}
	}
	one, many := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "many")
	if _, err := finetune.Run(context.Background(), job(one, 1)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := job(many, 2)
	stopped.Listen.Step = func(e finetune.Event) {
		if e.Step == 2 {
			cancel(errors.New("the epoch is over"))
		}
	}
	if _, err := finetune.Run(ctx, stopped); err == nil {
		t.Fatal("the run was not stopped")
	}
	resumed := job(many, 4)
	resumed.Watch.Images = 1 // on the same devices as the trainer
	if _, err := finetune.Run(context.Background(), resumed); err != nil {
		t.Fatal(err)
	}
	sameRun(t, one, many)
	sameDevices(t, many, 2, 4)
}

// sameRun compares losses and weights of two finished runs.
func sameRun(t *testing.T, a, b string) {
	t.Helper()
	x, y := logOf(t, a), logOf(t, b)
	if len(x) != 4 || len(y) != len(x) {
		t.Fatalf("%d and %d logged steps, want 4", len(x), len(y))
	}
	losses := 0.0
	for i := range x {
		if !near(x[i].Total, y[i].Total) || !near(x[i].GradientNorm, y[i].GradientNorm) || x[i].Step != y[i].Step {
			t.Errorf("one device logs %+v, many %+v", x[i], y[i])
		}
		losses = max(losses, math.Abs(x[i].Total-y[i].Total)/x[i].Total)
	}
	worst, relative := apart(weightsOf(t, a), weightsOf(t, b))
	if !(relative <= 1e-4) {
		t.Errorf("weights of one and of many devices are %.2g apart, want float32's rounding", relative)
	}
	t.Logf("losses differ by %.2g, weights by %.2g, relative to their length %.2g", losses, worst, relative)
}

func logOf(t *testing.T, dir string) []finetune.LogLine {
	t.Helper()
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := run.ReadLines[finetune.LogLine](r, run.LogFile)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func weightsOf(t *testing.T, dir string) map[string][]float32 {
	t.Helper()
	file, err := weights.Load(filepath.Join(dir, run.WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]float32{}
	for i := range file.Tensors {
		if all[file.Tensors[i].Name], err = file.Tensors[i].Float32s(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// sameDevices holds what the run noted of its surroundings at each start.
func sameDevices(t *testing.T, dir string, want ...int) {
	t.Helper()
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	starts, err := run.ReadLines[struct{ Environment finetune.Environment }](r, run.EnvironmentFile)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, start := range starts {
		got = append(got, start.Environment.Devices)
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("starts on %v devices are noted, want %v", got, want)
	}
}

// TestEvaluateOnManyDevices: records of four devices are those of one, though
// their number is not a multiple of the batch.
func TestEvaluateOnManyDevices(t *testing.T) {
	b, m := manyDevices(t)
	records := func(devices int) []evaluate.Record { return measured(t, b, m, devices) }
	one, four := records(1), records(4)
	if len(one) != 30 || len(four) != 30 {
		t.Fatalf("%d and %d records, want 30", len(one), len(four))
	}
	for i := range one {
		if one[i].ID != four[i].ID || !slices.Equal(one[i].Top, four[i].Top) || !(math.Abs(one[i].Margin-four[i].Margin) <= 1e-4) {
			t.Errorf("%+v on one device, %+v on four", one[i], four[i])
		}
	}
}

func measured(t *testing.T, b compute.Backend, m *pretrained.Model, devices int) []evaluate.Record {
	t.Helper()
	dir := t.TempDir()
	job, err := measure.New([]*pretrained.Model{m}, shapes.NewCollection(shapes.Options{TrainImages: 4, EvalImages: 30}), []string{"val"})
	if err != nil {
		t.Fatal(err)
	}
	job.Dir, job.Protocol, job.Backend, job.Kind, job.Devices = dir, "native", b, backend.KindCPU, devices
	if _, err := job.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	records, err := run.ReadLines[evaluate.Record](r, run.RecordsName("val", job.Config.Models[0].Name))
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestTooManyDevices(t *testing.T) {
	b, _ := demoOnXLA(t)
	for n, want := range map[int]string{-1: "expected at least 1", 1000: "ask for 1 to"} {
		if err := robustvit.CheckDevices(b, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d devices: error %v, want one with %q", n, err, want)
		}
	}
}
