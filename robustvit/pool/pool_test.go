package pool_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

var tiny = robustvit.Variant{
	Name: "tiny", ImageSize: 64, Patch: 16, Width: 24, Depth: 2, Heads: 3, MLP: 48, Classes: 20, PrefixTokens: 1,
	Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5},
}

// tinyBase is a random model that is finetuned for four steps on eight images.
func tinyBase(t *testing.T) *pool.Base {
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
	c := finetune.Embedded(tiny)
	c.Classes, c.PerClass, c.Epochs, c.Batch = []int{1, 3, 5, 7}, 2, 4, 8
	return &pool.Base{Name: "tiny", Title: "tiny", Model: m, Data: shapes.NewCollection(shapes.Options{TrainImages: 200, EvalImages: 40, SegmentationImages: 20}), Finetune: c, Embedded: true}
}

func openPool(t *testing.T, dir string, b *pool.Base, listen pool.Listener) *pool.Pool {
	t.Helper()
	device, info, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	p := pool.Open(dir, device, info, data.CacheSize(64<<20), listen)
	if err := p.Add(b); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func weightsOf(t *testing.T, p *pool.Pool, s pool.Spec) string {
	t.Helper()
	m, err := p.Model(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return m.SHA256
}

// Two goroutines and a later process ask for one model: it is trained once.
func TestAModelIsMadeOnce(t *testing.T) {
	var mu sync.Mutex
	steps := 0
	listen := pool.Listener{Step: func(pool.Spec, finetune.Event) { mu.Lock(); steps++; mu.Unlock() }}
	dir, b := t.TempDir(), tinyBase(t)
	p := openPool(t, dir, b, listen)
	var group sync.WaitGroup
	for range 2 {
		group.Add(1)
		go func() {
			defer group.Done()
			if _, err := p.Records(context.Background(), b.Tuned(), "val"); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	first := weightsOf(t, p, b.Tuned())
	again := openPool(t, dir, b, listen)
	if got := weightsOf(t, again, b.Tuned()); got != first {
		t.Errorf("a later process found weights %s, expected %s", got, first)
	}
	if steps != 4 {
		t.Errorf("%d training steps, expected the 4 of one model", steps)
	}
	if _, err := os.Stat(filepath.Join(p.Path(b.Tuned()), "tuned", "checkpoints")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("checkpoints of a finished model are still there: %v", err)
	}
}

// What decides a model gives it a folder of its own; what does not, does not.
func TestSpecsTellModelsApart(t *testing.T) {
	b := tinyBase(t)
	same := b.Tuned(func(c *finetune.Config) { c.Backend, c.SaveEvery = "elsewhere", 7 })
	if same.SHA256() != b.Tuned().SHA256() {
		t.Error("backend and checkpoint interval make another model")
	}
	seen := map[string]string{b.Before().SHA256(): "original", b.Tuned().SHA256(): "tuned"}
	for name, s := range map[string]pool.Spec{
		"rate":     b.Tuned(func(c *finetune.Config) { c.Rate *= 2 }),
		"seed":     b.Tuned(func(c *finetune.Config) { c.Seed++ }),
		"classes":  b.Tuned(func(c *finetune.Config) { c.Classes = []int{0, 2} }),
		"tokencut": b.Tuned().With(pool.TokenCut),
		"half":     b.Tuned().Blended(0.5),
		"second":   b.Tuned(func(c *finetune.Config) { c.Objective.Order = robustvit.SecondOrder }),
	} {
		if other, known := seen[s.SHA256()]; known {
			t.Errorf("%s and %s are one model", name, other)
		}
		seen[s.SHA256()] = name
	}
}

func TestInterpolatedWeights(t *testing.T) {
	b := tinyBase(t)
	p := openPool(t, t.TempDir(), b, pool.Listener{})
	tuned := b.Tuned()
	if got := weightsOf(t, p, tuned.Blended(0)); got != b.Model.SHA256 {
		t.Error("at 0 the weights are not the pretrained ones")
	}
	if got := weightsOf(t, p, tuned.Blended(1)); got != weightsOf(t, p, tuned) {
		t.Error("at 1 the weights are not the finetuned ones")
	}
	half, err := p.Model(context.Background(), tuned.Blended(0.5))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.Model(context.Background(), tuned)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"head.weight", "blocks.1.mlp.fc1.weight"} {
		from, _ := b.Model.File.Get(name)
		to, _ := whole.File.Get(name)
		middle, _ := half.File.Get(name)
		x, _ := from.Float32s()
		y, _ := to.Float32s()
		z, _ := middle.Float32s()
		for i := range z {
			if want := float32((float64(x[i]) + float64(y[i])) / 2); z[i] != want {
				t.Fatalf("%s[%d] is %g half way from %g to %g", name, i, z[i], x[i], y[i])
			}
		}
	}
}

// Settings are chosen on training images that the setting does not train on.
func TestValidationIsHeldOut(t *testing.T) {
	b := tinyBase(t)
	p := openPool(t, t.TempDir(), b, pool.Listener{})
	weightsOf(t, p, b.Tuned())
	r, err := run.Open(filepath.Join(p.Path(b.Tuned()), "tuned"))
	if err != nil {
		t.Fatal(err)
	}
	trained, err := run.ReadLines[data.ManifestItem](r, run.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	test, err := p.Test(context.Background(), "tiny", pool.ValidationSet)
	if err != nil {
		t.Fatal(err)
	}
	if test.Data.Len() < 100 {
		t.Errorf("%d validation images, expected most of the 192 that are left", test.Data.Len())
	}
	ids := map[string]bool{}
	for i := range test.Data.Len() {
		ids[test.Data.Entry(i).ID] = true
	}
	if len(trained) != 8 {
		t.Fatalf("%d images in the manifest, expected 8", len(trained))
	}
	for _, item := range trained {
		if ids[item.ID] {
			t.Errorf("image %s is trained on and validated on", item.ID)
		}
	}
}

// A sweep that was stopped amid a model goes on and ends with the same weights.
func TestAStoppedModelGoesOn(t *testing.T) {
	b := tinyBase(t)
	want := weightsOf(t, openPool(t, t.TempDir(), b, pool.Listener{}), b.Tuned())
	dir := t.TempDir()
	ctx, stop := context.WithCancelCause(context.Background())
	reason := errors.New("stopped by the test")
	p := openPool(t, dir, b, pool.Listener{Step: func(_ pool.Spec, e finetune.Event) {
		if e.Step == 2 {
			stop(reason)
		}
	}})
	if _, err := p.Records(ctx, b.Tuned(), "val"); !errors.Is(err, reason) {
		t.Fatalf("error %v, expected the reason of the stop", err)
	}
	if got := weightsOf(t, openPool(t, dir, b, pool.Listener{}), b.Tuned()); got != want {
		t.Errorf("weights %s after a stop, expected %s", got, want)
	}
}

// Masks without labels change the masks, not the images.
func TestTokenCutTrainsOnTheSameImages(t *testing.T) {
	b := tinyBase(t)
	p := openPool(t, t.TempDir(), b, pool.Listener{})
	manifest := func(s pool.Spec) (ids, masks []string) {
		weightsOf(t, p, s)
		r, err := run.Open(filepath.Join(p.Path(s), "tuned"))
		if err != nil {
			t.Fatal(err)
		}
		items, err := run.ReadLines[data.ManifestItem](r, run.ManifestFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			ids, masks = append(ids, item.ID), append(masks, item.MaskSHA256)
		}
		return ids, masks
	}
	exact, exactMasks := manifest(b.Tuned())
	cut, cutMasks := manifest(b.Tuned().With(pool.TokenCut))
	if !reflect.DeepEqual(exact, cut) {
		t.Errorf("images %v with exact masks, %v with TokenCut's", exact, cut)
	}
	if reflect.DeepEqual(exactMasks, cutMasks) {
		t.Error("TokenCut's masks are the exact ones")
	}
}

// Two arms with TokenCut's masks, trained at the same time, share the folder of
// the masks.
func TestTokenCutForTwoArmsAtOnce(t *testing.T) {
	b := tinyBase(t)
	p := openPool(t, t.TempDir(), b, pool.Listener{})
	var group sync.WaitGroup
	for _, rate := range []float64{1e-5, 2e-5} {
		group.Add(1)
		go func() {
			defer group.Done()
			s := b.Tuned(func(c *finetune.Config) { c.Rate = rate }).With(pool.TokenCut)
			if _, err := p.Model(context.Background(), s); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
}

func TestTwoModelsOfOneName(t *testing.T) {
	b, other := tinyBase(t), tinyBase(t)
	p := openPool(t, t.TempDir(), b, pool.Listener{})
	if err := p.Add(other); err != nil {
		t.Errorf("the same model again: %v", err)
	}
	other.Model.SHA256 = "another"
	if err := p.Add(other); err == nil {
		t.Error("two models of one name were accepted")
	}
}

// The records that are returned when they are made are those that are read later.
func TestRecordsAreReadAsTheyWereMade(t *testing.T) {
	b, dir := tinyBase(t), t.TempDir()
	made, err := openPool(t, dir, b, pool.Listener{}).Maps(context.Background(), b.Before(), pool.MapSet)
	if err != nil {
		t.Fatal(err)
	}
	read, err := openPool(t, dir, b, pool.Listener{}).Maps(context.Background(), b.Before(), pool.MapSet)
	if err != nil || len(read) != 20 || !reflect.DeepEqual(made, read) {
		t.Errorf("%d records made, %d read, %v", len(made), len(read), err)
	}
}
