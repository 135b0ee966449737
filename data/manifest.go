package data

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// ManifestItem pins one sample. The hashes are of decoded pixels, so that a
// generated data set and its copy on disk, in any lossless format, agree.
type ManifestItem struct {
	ID          string `json:"id"`
	Class       int    `json:"class"`
	ClassName   string `json:"class_name"`
	ImageSHA256 string `json:"image_sha256"`
	MaskSHA256  string `json:"mask_sha256,omitempty"` // empty without a mask
}

// BuildManifest loads and hashes the samples with these indices (nil = all), in
// parallel; the items keep their order.
func BuildManifest(ctx context.Context, d Dataset, indices []int) ([]ManifestItem, error) {
	if indices == nil {
		indices = make([]int, d.Len())
		for i := range indices {
			indices[i] = i
		}
	}
	items := make([]ManifestItem, len(indices))
	err := forEach(ctx, len(indices), 0, func(i int) error {
		sample, err := d.Load(indices[i])
		if err != nil {
			return err
		}
		items[i] = ManifestItem{ID: sample.ID, Class: sample.Class, ClassName: d.Classes()[sample.Class], ImageSHA256: sample.Image.SHA256()}
		if sample.Mask != nil {
			items[i].MaskSHA256 = sample.Mask.SHA256()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("manifest of data set %s: %w", d.Name(), err)
	}
	return items, nil
}

// CheckManifest compares the data set with a manifest and names the first item
// that differs. It returns the indices of the items.
func CheckManifest(ctx context.Context, d Dataset, items []ManifestItem) ([]int, error) {
	indices, err := manifestIndices(d, items)
	if err != nil {
		return nil, err
	}
	found, err := BuildManifest(ctx, d, indices)
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		what := item.Changed(found[i].ImageSHA256, found[i].MaskSHA256)
		if found[i].ClassName != item.ClassName || found[i].Class != item.Class {
			what = fmt.Sprintf("class %d %q, expected %d %q", found[i].Class, found[i].ClassName, item.Class, item.ClassName)
		}
		if what == "" {
			continue
		}
		return nil, fmt.Errorf("data set %s: sample %s (%s) has changed since the manifest was written: found %s; "+
			"restore the file or start a new run", d.Name(), item.ID, fileOf(d, indices[i]), what)
	}
	return indices, nil
}

// StillThere names the first item that the data set no longer has, with its
// mask where it had one. Unlike CheckManifest it reads no pixels.
func StillThere(d Dataset, items []ManifestItem) error {
	indices, err := manifestIndices(d, items)
	if err != nil {
		return err
	}
	for i, item := range items {
		has, err := HasMask(d, indices[i])
		if err != nil {
			return err
		}
		if !has && item.MaskSHA256 != "" {
			return fmt.Errorf("data set %s: sample %s (%s) has no mask, the manifest lists one; restore the file or start a new run",
				d.Name(), item.ID, fileOf(d, indices[i]))
		}
	}
	return nil
}

// Changed names what differs from the pinned pixels, "" where nothing does.
func (m ManifestItem) Changed(imageSHA256, maskSHA256 string) string {
	switch {
	case imageSHA256 != m.ImageSHA256:
		return "other pixels in the image"
	case maskSHA256 != m.MaskSHA256:
		return "another mask"
	}
	return ""
}

// manifestIndices finds the items by ID.
func manifestIndices(d Dataset, items []ManifestItem) ([]int, error) {
	byID := make(map[string]int, d.Len())
	for i := range d.Len() {
		byID[d.Entry(i).ID] = i
	}
	indices := make([]int, len(items))
	for i, item := range items {
		index, ok := byID[item.ID]
		if !ok {
			return nil, fmt.Errorf("data set %s lacks sample %s of the manifest; restore the file or start a new run", d.Name(), item.ID)
		}
		indices[i] = index
	}
	return indices, nil
}

// SHA256 is the hex hash of width, height and pixels.
func (m *Image) SHA256() string { return hashPixels("rgb", m.Width, m.Height, m.Pix) }

// SHA256 is the hex hash of width, height and values in steps of 1/255.
func (m *Mask) SHA256() string {
	levels := make([]uint8, len(m.Pix))
	for i, v := range m.Pix {
		levels[i] = uint8(min(max(float32(v*255)+0.5, 0), 255))
	}
	return hashPixels("mask", m.Width, m.Height, levels)
}

func hashPixels(kind string, width, height int, pix []uint8) string {
	h := sha256.New()
	h.Write([]byte(kind))
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(width)))
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(height)))
	h.Write(pix)
	return hex.EncodeToString(h.Sum(nil))
}
