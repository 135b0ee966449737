package gtsegs

import (
	"bytes"

	"github.com/robustvit/workbench/data/mat73"
)

// ReadAll reads every picture of a set that lies in memory; each that was read
// goes to use.
func ReadAll(content []byte, use func(width, height, pixels, marks int)) error {
	return read(bytes.NewReader(content), int64(len(content)), func(file *mat73.File) error {
		images, err := cells(file, "value/img")
		if err != nil {
			return err
		}
		masks, err := cells(file, "value/gt")
		if err != nil {
			return err
		}
		for i := range min(len(images), len(masks), 8) {
			if d, width, height, err := imageOf(file, images[i]); err != nil || d == nil || width*height > 1<<14 {
				continue // larger pictures are legal but slow
			}
			img, m, err := readPair(file, images[i], masks[i])
			if err != nil {
				return err
			}
			use(img.Width, img.Height, len(img.Pix), len(m.Pix))
		}
		return nil
	})
}
