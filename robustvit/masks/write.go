package masks

import (
	"fmt"
	"path"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/explain"
)

// candidates of the page keep their parts; of them the shown ones are chosen.
const candidates = 150

// mask makes one image's mask and writes its files.
func (w *worker) mask(in input, f robustvit.PatchFeatures) (Mask, error) {
	m, err := w.Settings.make(in.image, f, in.columns, in.rows)
	if err != nil {
		return m.Mask, fmt.Errorf("image %s: %w", in.ID, err)
	}
	m.ID, m.Class, m.ImageSHA256 = in.ID, in.Class, in.ImageSHA256
	content, err := explain.MaskPNG(asMask(m.pixels, m.Width, m.Height))
	if err != nil {
		return m.Mask, err
	}
	if m.Rejected == "" {
		m.File, m.MaskSHA256 = in.name()+".png", hexSum(content)
		if err := w.folder.WriteFile(m.File, content); err != nil {
			return m.Mask, err
		}
	}
	if in.rank < candidates {
		err = w.parts(in, m, content)
	}
	return m.Mask, err
}

// parts writes what the page may show of an image.
func (w *worker) parts(in input, m made, final []byte) error {
	shown := shownOf(in.listed, m.Mask)
	if m.Rejected != "" {
		if err := w.folder.WriteFile(shown.Final, final); err != nil {
			return err
		}
	}
	heat, err := explain.MapPNG(m.heat, in.columns)
	if err == nil {
		err = w.folder.WriteFile(shown.Heat, heat)
	}
	if err != nil {
		return err
	}
	coarse, err := explain.MaskPNG(asMask(m.coarse, m.cw, m.ch))
	if err == nil {
		err = w.folder.WriteFile(shown.Coarse, coarse)
	}
	return err
}

// shownOf names the files of a picture of the page.
func shownOf(l listed, m Mask) Shown {
	part := func(kind string) string { return path.Join(partsDir, kind, l.name()+".png") } // no name longer than the image's
	s := Shown{Mask: m, Picture: part("picture"), Heat: part("heat"), Coarse: part("coarse"), Final: m.File}
	if m.Rejected != "" {
		s.Final = part("rejected")
	}
	return s
}

// pictureSide bounds the pictures of the page, in pixels.
const pictureSide = 320

// picture writes a small copy of a shown image.
func (w *worker) picture(l listed, name string) error {
	sample, err := w.Images.Load(l.index)
	if err != nil {
		return err
	}
	img := sample.Image
	if side := max(img.Width, img.Height); side > pictureSide {
		if img, err = data.Resize(img, max(img.Width*pictureSide/side, 1), max(img.Height*pictureSide/side, 1), data.Bilinear); err != nil {
			return fmt.Errorf("image %s: %w", l.ID, err)
		}
	}
	content, err := explain.ImagePNG(img)
	if err != nil {
		return err
	}
	return w.folder.WriteFile(name, content)
}
