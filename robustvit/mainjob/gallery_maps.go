package mainjob

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/explain"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// galleryPicture is a chosen picture as the model sees it.
type galleryPicture struct {
	input []float32 // 3 x h x w, normalised
	mask  *data.Mask
}

// galleryPictures prepares the chosen pictures and writes them with their masks.
func (w *worker) galleryPictures(ctx context.Context, items []GalleryItem) ([]galleryPicture, error) {
	v := w.Model.Variant
	protocol, err := finetune.ProtocolOf(w.Config.Finetune.Protocol, v)
	if err != nil {
		return nil, err
	}
	pictures := make([]galleryPicture, len(items))
	for k := range items {
		item := &items[k]
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("gallery: %w", context.Cause(ctx))
		}
		test, err := w.set(item.Set)
		if err != nil {
			return nil, err
		}
		sample, err := test.Data.Load(item.index)
		if err != nil {
			return nil, fmt.Errorf("gallery: %w", err)
		}
		img, err := protocol.Apply(sample.Image, v.ImageSize)
		if err != nil {
			return nil, fmt.Errorf("gallery: image %s: %w", item.ID, err)
		}
		pictures[k].input = make([]float32, 3*v.ImageSize*v.ImageSize)
		data.Normalize(pictures[k].input, img, protocol.Mean, protocol.Std)
		if err := w.writePNG(item.Image, func() ([]byte, error) { return explain.ImagePNG(img) }); err != nil {
			return nil, err
		}
		if sample.Mask == nil {
			continue
		}
		if pictures[k].mask, err = protocol.ApplyMask(sample.Mask, v.ImageSize, data.Strict); err != nil {
			return nil, fmt.Errorf("gallery: mask of %s: %w", item.ID, err)
		}
		item.Mask = beside(item.Image, "mask")
		if err := w.writePNG(item.Mask, func() ([]byte, error) { return explain.MaskPNG(pictures[k].mask) }); err != nil {
			return nil, err
		}
	}
	return pictures, nil
}

// galleryViews writes one model's relevance maps of its own predictions.
func (w *worker) galleryViews(ctx context.Context, name string, m *pretrained.Model, items []GalleryItem, pictures []galleryPicture) error {
	predictor, err := w.load(name, m)
	if err != nil {
		return err
	}
	size := m.Variant.ImageSize
	for first := 0; first < len(items); first += predictor.BatchSize() {
		if ctx.Err() != nil {
			return fmt.Errorf("gallery: %w", context.Cause(ctx))
		}
		batch := items[first:min(first+predictor.BatchSize(), len(items))]
		var images []float32
		var classes []int32
		for k, item := range batch {
			images = append(images, pictures[first+k].input...)
			classes = append(classes, int32(item.Views[name].Top[0].Class))
		}
		explanation, err := predictor.Explain(images, classes, len(batch))
		if err != nil {
			return fmt.Errorf("gallery: %s: %w", name, err)
		}
		for k, item := range batch {
			relevance := explanation.Maps[k*size*size : (k+1)*size*size]
			view := item.Views[name]
			view.Relevance = beside(item.Image, name)
			view.OnObject = onObject(relevance, pictures[first+k].mask)
			item.Views[name] = view
			if err := w.writePNG(view.Relevance, func() ([]byte, error) { return explain.MapPNG(relevance, size) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// onObject is the share of the relevance inside the mask, in percent.
func onObject(relevance []float32, mask *data.Mask) *float64 {
	if mask == nil {
		return nil
	}
	inside, all := 0.0, 0.0
	for i, r := range relevance {
		all += float64(r)
		inside += float64(r) * float64(mask.Pix[i])
	}
	if all == 0 { // a constant map has no relevance to share out
		return nil
	}
	share := 100 * inside / all
	return &share
}

// beside names a file next to an image: a.png, mask -> a-mask.png.
func beside(image, what string) string {
	return strings.TrimSuffix(image, ".png") + "-" + what + ".png"
}

func (w *worker) writePNG(name string, encode func() ([]byte, error)) error {
	content, err := encode()
	if err != nil {
		return fmt.Errorf("gallery: %s: %w", name, err)
	}
	return w.run.WriteFile(name, content)
}
