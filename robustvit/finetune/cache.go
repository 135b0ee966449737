package finetune

import (
	"sync"

	"github.com/robustvit/workbench/data"
)

// imageCache keeps the decoded images of a data set: pretraining sees each
// many times. Memory is bounded; what does not fit is loaded again.
type imageCache struct {
	data.Dataset
	mu      sync.Mutex
	samples map[int]data.Sample
	bytes   int
}

const cacheBytes = 1 << 30

func newImageCache(d data.Dataset) *imageCache {
	return &imageCache{Dataset: d, samples: map[int]data.Sample{}}
}

// Load returns the cached sample, without its mask.
func (c *imageCache) Load(i int) (data.Sample, error) {
	c.mu.Lock()
	sample, ok := c.samples[i]
	c.mu.Unlock()
	if ok {
		return sample, nil
	}
	sample, err := c.Dataset.Load(i)
	if err != nil {
		return sample, err
	}
	sample.Mask = nil
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes < cacheBytes {
		c.samples[i] = sample
		c.bytes += len(sample.Image.Pix)
	}
	return sample, nil
}
