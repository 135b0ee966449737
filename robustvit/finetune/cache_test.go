package finetune_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
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

// changing gives other pixels from the second decoding on.
type changing struct {
	decoded
	mask bool
}

func (c *changing) Load(i int) (data.Sample, error) {
	s, err := c.decoded.Load(i)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times[i] > 1 {
		if c.mask {
			s.Mask.Pix[0] = 1 - s.Mask.Pix[0]
		} else {
			s.Image.Pix[0] ^= 1
		}
	}
	return s, err
}

// A file that changes after the manifest stops a run that reads it again.
func TestChangedFilesStopTheRun(t *testing.T) {
	for _, test := range []struct {
		cache, want string
		mask        bool
	}{{"none", "other pixels in the image", false}, {"none", "another mask", true}, {"1GiB", "", false}} {
		job := tinyJob(t, filepath.Join(t.TempDir(), "run"))
		if err := job.Cache.UnmarshalText([]byte(test.cache)); err != nil {
			t.Fatal(err)
		}
		job.Train = &changing{decoded{Dataset: job.Train, times: map[int]int{}}, test.mask}
		_, err := finetune.Run(context.Background(), job)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("cache %s: %v, expected %q", test.cache, err, test.want)
		}
	}
}
