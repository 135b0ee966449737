package measure

import (
	"context"
	"reflect"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// counting counts the decodings of a set.
type counting struct {
	data.Dataset
	loads int
}

func (c *counting) Load(i int) (data.Sample, error) {
	c.loads++
	return c.Dataset.Load(i)
}

func memoryJob(protocols ...data.Protocol) Job {
	job := Job{}
	job.Cache = 1 << 30
	for _, p := range protocols {
		job.Models = append(job.Models, &pretrained.Model{Variant: robustvit.Variant{ImageSize: 48}})
		job.Config.Models = append(job.Config.Models, Model{Prepared: p})
	}
	return job
}

// Two models read a set twice; each file is decoded once and every batch is
// what it would have been without the cache.
func TestModelsShareDecodedImages(t *testing.T) {
	imagenet := [3]float32{0.485, 0.456, 0.406}
	other := data.Paper()
	other.Mean = imagenet
	for name, protocols := range map[string][]data.Protocol{
		"same geometry":  {data.Paper(), other},
		"other geometry": {data.Paper(), data.Timm(0.9, imagenet, imagenet)},
	} {
		job := memoryJob(protocols...)
		m, err := job.memory()
		if err != nil {
			t.Fatal(err)
		}
		set := &counting{Dataset: shapes.Shortcut("val", 5, 0)}
		for _, p := range protocols {
			d, left := m.of(set, set, p, 48)
			if left.Name != p.Name {
				t.Errorf("%s: protocol %s became %s", name, p.Name, left.Name)
			}
			got, want := batchOf(t, d, left), batchOf(t, set.Dataset, p)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: the cache changes what a model sees under %s", name, p.Name)
			}
		}
		if set.loads != 5 {
			t.Errorf("%s: 5 images were decoded %d times", name, set.loads)
		}
	}
}

func batchOf(t *testing.T, d data.Dataset, p data.Protocol) *data.Batch {
	t.Helper()
	plan := data.Plan{BatchSize: 5, Size: 48, Protocol: p, Masks: true, Rule: data.Strict, Workers: 1}
	for b, err := range data.Batches(context.Background(), d, plan) {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return nil
}
