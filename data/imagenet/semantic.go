package imagenet

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
)

// ignoreID marks pixels that ImageNet-S's annotators left open.
const ignoreID = 1000

// semantic is a part of ImageNet-S: images with the mask of their own category.
//
// A mask file holds category numbers: 1 + the place of the class among the
// sorted categories of the variant, 0 for everything else, 1000 for pixels to
// ignore. Foreground is the image's own category; all else is background, the
// ignored pixels too, as in the released code.
type semantic struct {
	*Set
	dir        string // of the masks, as the user wrote it
	has        []bool
	categories []int // class indices in the order of the category numbers
	extra      int
	strict     bool // training: a mask of another category is an error
}

// readSemantic joins images and masks, DIR/CLASS/FILE.png.
func readSemantic(s *Set, masks string, strict bool) (*semantic, error) {
	tree, err := data.Scan(masks, 2)
	if err != nil {
		return nil, fmt.Errorf("open masks %q: %w", masks, err)
	}
	m := &semantic{Set: s, dir: masks, has: make([]bool, s.Len()), categories: labels().subsets[s.layout.subset], strict: strict}
	present := make(map[string]bool, len(tree.Images))
	for _, name := range tree.Images {
		if ext := strings.ToLower(path.Ext(name)); ext == ".jpg" || ext == ".jpeg" {
			return nil, fmt.Errorf("open masks %q: found %q, a JPEG; expected PNG: JPEG changes the category numbers", masks, name)
		}
		present[name] = true
	}
	for i := range m.has {
		if m.has[i] = present[m.maskName(i)]; m.has[i] {
			m.Facts.Masks++
		}
	}
	if m.Facts.Masks == 0 {
		return nil, fmt.Errorf("open masks %q: no file fits the images of %q, expected for example %q; check the folder", masks, s.Dir, m.MaskFile(0))
	}
	m.extra = len(present) - m.Facts.Masks
	if without := s.Len() - m.Facts.Masks; without > 0 {
		m.Facts.Notes = append(m.Facts.Notes, fmt.Sprintf("%d images have no mask", without))
	}
	return m, nil
}

func (m *semantic) maskName(i int) string {
	name := m.List[i].Path
	return strings.TrimSuffix(name, path.Ext(name)) + ".png"
}

// MaskFile is the path of the mask of sample i as the user wrote the folder.
func (m *semantic) MaskFile(i int) string {
	return filepath.Join(m.dir, filepath.FromSlash(m.maskName(i)))
}

// HasMask tells whether sample i has a mask, without loading it.
func (m *semantic) HasMask(i int) bool { return m.has[i] }

// ExtraMasks is the number of mask files without a used image.
func (m *semantic) ExtraMasks() int { return m.extra }

// Under keeps the masks: ImageNet-S is prepared and scored alike by all protocols.
func (m *semantic) Under(string) (data.Dataset, data.Scoring) {
	return m, data.Scoring{Rule: "1000-way"}
}

func (m *semantic) Load(i int) (data.Sample, error) {
	sample, err := m.Set.Load(i)
	if err != nil || !m.has[i] {
		return sample, err
	}
	content, err := data.ReadInside(m.dir, m.maskName(i))
	if err == nil {
		var ids *data.IDs
		if ids, err = data.DecodeIDs(content); err == nil {
			var mask *data.Mask
			if mask, err = m.foreground(ids, sample.Class); err == nil {
				sample = sample.WithMask(mask)
			}
		}
	}
	if err != nil {
		return data.Sample{}, fmt.Errorf("read mask %q: %w", m.MaskFile(i), err)
	}
	if err := sample.Mask.CheckSize(sample.Image, fmt.Sprintf("%q", m.MaskFile(i)), fmt.Sprintf("%q", m.File(i))); err != nil {
		return data.Sample{}, err
	}
	return sample, nil
}

// foreground is the mask of one class.
func (m *semantic) foreground(ids *data.IDs, class int) (*data.Mask, error) {
	if ids.Narrow && len(m.categories) > 255 {
		return nil, fmt.Errorf("it is 8-bit gray, which cannot hold category numbers up to %d; expected 8-bit RGB with R + 256*G, or 16-bit gray", len(m.categories))
	}
	own := slices.Index(m.categories, class) + 1
	mask := &data.Mask{Width: ids.Width, Height: ids.Height, Pix: make([]float32, len(ids.Pix))}
	other, seen := 0, false
	for i, id := range ids.Pix {
		switch id := int(id); {
		case id == own:
			mask.Pix[i], seen = 1, true
		case id == 0 || id == ignoreID:
		case id > len(m.categories):
			return nil, fmt.Errorf("it holds the category %d, expected 0 to %d or %d: %s", id, len(m.categories), ignoreID, m.wrongSize(class, id))
		default:
			other = id
		}
	}
	if m.strict && !seen && other > 0 {
		return nil, fmt.Errorf("it holds the category %d (%s), expected %d (%s): %s", other, labels().wnids[m.categories[other-1]], own, labels().wnids[class],
			m.wrongSize(class, other))
	}
	return mask, nil
}

// wrongSize names the variant under which the number would be right.
func (m *semantic) wrongSize(class, id int) string {
	for _, s := range []string{"50", "300", "919"} {
		if categories := labels().subsets["imagenet-s"+s]; len(categories) != len(m.categories) && slices.Index(categories, class)+1 == id {
			return fmt.Sprintf("it is right for ImageNet-S%s, and the folder was read as ImageNet-S%d; put both folders below one called ImageNetS%s", s, len(m.categories), s)
		}
	}
	return "the mask belongs to another image, or it is no mask of ImageNet-S"
}
