package finetune_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

var tiny = robustvit.Variant{
	Name: "tiny", ImageSize: 64, Patch: 16, Width: 24, Depth: 2, Heads: 3, MLP: 48, Classes: 20, PrefixTokens: 1,
	Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5},
}

var openGo = sync.OnceValues(func() (compute.Backend, error) {
	b, _, err := backend.Open(backend.Options{Name: backend.Go})
	return b, err
})

func tinyModel(t *testing.T) *pretrained.Model {
	t.Helper()
	file := &weights.File{Metadata: map[string]string{"heads": "3", "architecture": "tiny"}}
	values := finetune.Initialise(tiny, 1)
	for _, spec := range tiny.WeightSpecs() {
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
	}
	m, err := pretrained.New(file, "tiny")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tinyJob(t *testing.T, dir string) finetune.Job {
	t.Helper()
	b, err := openGo()
	if err != nil {
		t.Fatal(err)
	}
	config := finetune.Embedded(tiny)
	config.Classes, config.PerClass, config.Epochs, config.Batch, config.SaveEvery = []int{0, 3, 7}, 2, 3, 4, 2
	return finetune.Job{Config: config, Dir: dir, Backend: b, Model: tinyModel(t), Train: shapes.Shortcut("train", 60, 0)}
}

// TestStoppedRunEndsByteIdentical stops a run after every number of steps and
// resumes it: weights, log and manifest equal the unbroken run's.
func TestStoppedRunEndsByteIdentical(t *testing.T) {
	unbroken := filepath.Join(t.TempDir(), "unbroken")
	result, err := finetune.Run(context.Background(), tinyJob(t, unbroken))
	if err != nil {
		t.Fatal(err)
	}
	if result.Steps != 6 || result.Images != 6 { // 6 images, 2 batches an epoch
		t.Fatalf("%+v, want 6 steps on 6 images", result)
	}
	for after := 1; after < result.Steps; after++ {
		dir := filepath.Join(t.TempDir(), "stopped")
		ctx, cancel := context.WithCancelCause(context.Background())
		job := tinyJob(t, dir)
		job.Listen.Step = func(e finetune.Event) {
			if e.Step == after {
				cancel(errors.New("the test pulled the plug"))
			}
		}
		if _, err := finetune.Run(ctx, job); err == nil || !strings.Contains(err.Error(), "pulled the plug") {
			t.Fatalf("stopped after step %d: error %v", after, err)
		}
		if _, err := finetune.Run(context.Background(), tinyJob(t, dir)); err != nil {
			t.Fatalf("resumed after step %d: %v", after, err)
		}
		for _, name := range []string{run.WeightsFile, run.LogFile, run.ManifestFile, run.ConfigFile, run.DoneFile} {
			want, err := os.ReadFile(filepath.Join(unbroken, name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, got) {
				t.Errorf("stopped after step %d and resumed: %s differs from the unbroken run's", after, name)
			}
		}
	}
}

func TestDoneRunIsReturned(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	first, err := finetune.Run(context.Background(), tinyJob(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	job := tinyJob(t, dir)
	job.Listen.Step = func(finetune.Event) { t.Error("a finished run was trained again") }
	again, err := finetune.Run(context.Background(), job)
	if err != nil || again != first {
		t.Errorf("a finished run gave %+v, %v; want %+v", again, err, first)
	}
	job.Config.Rate *= 2
	if _, err := finetune.Run(context.Background(), job); err == nil || !strings.Contains(err.Error(), "rate") {
		t.Errorf("another rate in the same folder gave %v, want an error that names it", err)
	}
}

func TestRateDecays(t *testing.T) {
	c := finetune.Defaults(tiny)
	for epoch, want := range []float64{1, 1, .85, .85, .85 * .85} {
		if got := c.RateAt(epoch) / c.Rate; math.Abs(got-want) > 1e-12 {
			t.Errorf("epoch %d: %g of the rate, want %g (rate * 0.85^(epoch//2))", epoch, got, want)
		}
	}
}

func TestImagesWithoutMasksAreRefused(t *testing.T) {
	job := tinyJob(t, filepath.Join(t.TempDir(), "run"))
	job.Train = unmasked{job.Train}
	if _, err := finetune.Run(context.Background(), job); err == nil || !strings.Contains(err.Error(), "mask") {
		t.Errorf("images without masks gave %v", err)
	}
}

type unmasked struct{ data.Dataset }

func (u unmasked) Load(i int) (data.Sample, error) {
	sample, err := u.Dataset.Load(i)
	sample.Mask = nil
	return sample, err
}

func TestConfigFaultsAreListedTogether(t *testing.T) {
	c := finetune.Embedded(tiny)
	c.Epochs, c.Rate, c.Objective.Temperature, c.Classes = 0, -1, 0, []int{99}
	err := c.Validate()
	for _, want := range []string{"epochs 0", "learning rate -1", "temperature 0", "class 99"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}

func TestPretrainResumesAcrossStages(t *testing.T) {
	b, err := openGo()
	if err != nil {
		t.Fatal(err)
	}
	pretrain := func(dir string, stopAfter int) (*weights.File, error) {
		c, err := finetune.NewPretrainConfig(tiny, finetune.DeiT, 3,
			finetune.Stage{Name: "objects", Data: shapes.Objects("objects", 24, 0), Images: 24, Steps: 3, Warmup: 1, Rate: 1e-3},
			finetune.Stage{Name: "shortcut", Data: shapes.Shortcut("train", 16, 0), Images: 16, Steps: 3, Warmup: 1, Rate: 1e-3})
		if err == nil {
			t.Fatal("a batch of 64 from 24 images was accepted")
		}
		c.Batch, c.SaveEvery = 8, 1
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		return finetune.Pretrain(ctx, b, dir, c, finetune.Listener{Step: func(e finetune.Event) {
			if e.Step == stopAfter {
				cancel()
			}
		}})
	}
	whole, err := pretrain(filepath.Join(t.TempDir(), "a"), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []int{2, 3, 4, 5} {
		dir := filepath.Join(t.TempDir(), "b")
		if _, err := pretrain(dir, after); err == nil {
			t.Fatalf("not stopped after step %d", after)
		}
		resumed, err := pretrain(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		if whole.SHA256() != resumed.SHA256() {
			t.Errorf("pretraining stopped after step %d and resumed ends with other weights", after)
		}
		if again, err := pretrain(dir, 0); err != nil || again.SHA256() != whole.SHA256() {
			t.Errorf("pretraining that was finished gave other weights or %v", err)
		}
	}
}

// TestMoreDevicesThanThere: the folder is not touched.
func TestMoreDevicesThanThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	job := tinyJob(t, dir)
	job.Config.Devices = 2
	if _, err := finetune.Run(context.Background(), job); err == nil || !strings.Contains(err.Error(), "2 devices asked for") || !strings.Contains(err.Error(), "robustvit doctor") {
		t.Errorf("two devices on the Go backend: error %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the run folder was made: %v", err)
	}
}

// TestOneDeviceIsNoSetting: a run that names one device and one that names none
// are the same run.
func TestOneDeviceIsNoSetting(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	for _, devices := range []int{1, 0} {
		job := tinyJob(t, dir)
		job.Config.Epochs, job.Config.Devices = 1, devices
		if _, err := finetune.Run(context.Background(), job); err != nil {
			t.Fatal(err)
		}
		config, err := os.ReadFile(filepath.Join(dir, run.ConfigFile))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(config), "devices") {
			t.Errorf("%d devices: the config names them", devices)
		}
	}
}
