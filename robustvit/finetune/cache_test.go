package finetune_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
)

// decoded counts how often each image is decoded.
type decoded struct {
	data.Dataset
	mu    sync.Mutex
	times map[int]int
}

func (d *decoded) Load(i int) (data.Sample, error) {
	d.mu.Lock()
	d.times[i]++
	d.mu.Unlock()
	return d.Dataset.Load(i)
}

func (d *decoded) HasMask(i int) bool { return true }

// The manifest and fifty epochs decode each chosen image once, and the cache
// changes no bit of the result.
func TestEpochsDecodeEachImageOnce(t *testing.T) {
	var weights [2][]byte
	for i, cache := range []string{"1GiB", "none"} {
		job := tinyJob(t, filepath.Join(t.TempDir(), "run"))
		job.Config.Epochs, job.Config.SaveEvery = 50, 1000
		job.Config.Augment = data.Augment{Kind: data.AugmentCrop}
		if err := job.Cache.UnmarshalText([]byte(cache)); err != nil {
			t.Fatal(err)
		}
		train := &decoded{Dataset: job.Train, times: map[int]int{}}
		job.Train = train
		if _, err := finetune.Run(context.Background(), job); err != nil {
			t.Fatal(err)
		}
		want := 1
		if cache == "none" {
			want = 51 // the manifest and every epoch
		}
		if len(train.times) != 6 {
			t.Errorf("cache %s: %d images were read, expected 6", cache, len(train.times))
		}
		for image, times := range train.times {
			if times != want {
				t.Errorf("cache %s: image %d was decoded %d times, expected %d", cache, image, times, want)
			}
		}
		var err error
		if weights[i], err = os.ReadFile(filepath.Join(job.Dir, run.WeightsFile)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(weights[0], weights[1]) {
		t.Error("the cache changes the weights")
	}
}
