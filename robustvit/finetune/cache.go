package finetune

import (
	"fmt"

	"github.com/robustvit/workbench/data"
)

// images is the training set of a run: each pair is decoded once and kept at the
// size from which every epoch cuts it, and what is decoded again must have the
// pixels of the manifest.
type images struct {
	*data.Cache
	pinned map[string]data.ManifestItem // by ID; nil before the manifest
}

func (job Job) images() *images {
	c, set := job.Config, &images{}
	set.Cache = data.NewBudget(job.Cache.Bytes()).Cached(job.Train, func(s data.Sample) (data.Sample, error) {
		if err := set.check(s); err != nil {
			return s, err
		}
		if c.Objective.Relevance == 0 { // the batches have no masks
			s.Mask = nil
		}
		return c.Augment.Base(s, c.Variant.ImageSize, data.MaskRule(c.Objective.Masks))
	})
	return set
}

// pin holds every later decoding against the manifest.
func (set *images) pin(items []data.ManifestItem) {
	set.pinned = make(map[string]data.ManifestItem, len(items))
	for _, item := range items {
		set.pinned[item.ID] = item
	}
}

// note says where not all of the images had room.
func (set *images) note(listen Listener, images int) {
	if kept, _ := set.Kept(); kept < images {
		listen.note("the cache held %d of %d images; the others were decoded in every epoch: give a larger --cache", kept, images)
	}
}

func (set *images) check(s data.Sample) error {
	item, ok := set.pinned[s.ID]
	if !ok {
		return nil
	}
	mask := item.MaskSHA256
	if s.Mask != nil {
		mask = s.Mask.SHA256()
	}
	what := item.Changed(s.Image.SHA256(), mask)
	if what == "" {
		return nil
	}
	return fmt.Errorf("sample %s changed during the run: found %s than its manifest lists; restore the file and run the same command again", s.ID, what)
}
