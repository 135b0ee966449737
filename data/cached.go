package data

import "sync"

// Cached keeps the samples of d in memory once they are loaded, up to about
// maxBytes of pixels; what does not fit is loaded again each time. Use it where
// a set is read several times and drawing or decoding costs more than the model.
func Cached(d Dataset, maxBytes int) Dataset {
	return &cached{Dataset: d, left: maxBytes, samples: map[int]Sample{}}
}

type cached struct {
	Dataset
	mu      sync.Mutex
	samples map[int]Sample
	left    int
}

// File is the path of sample i, or its ID where it is no file.
func (c *cached) File(i int) string { return fileOf(c.Dataset, i) }

// HasMask tells whether sample i has a mask; a sample that cannot be loaded has none.
func (c *cached) HasMask(i int) bool {
	has, err := HasMask(c.Dataset, i)
	return has && err == nil
}

// Load returns the kept sample. Callers share it and must not change its pixels.
func (c *cached) Load(i int) (Sample, error) {
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
	size := len(sample.Image.Pix)
	if sample.Mask != nil {
		size += 4 * len(sample.Mask.Pix)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if size <= c.left {
		c.samples[i] = sample
		c.left -= size
	}
	return sample, nil
}
