package gtsegs

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/mat73"
)

// readPair holds the two headers against each other before it reads values.
func readPair(file *mat73.File, image, mask mat73.Ref) (*data.Image, *data.Mask, error) {
	pixels, width, height, err := imageOf(file, image)
	if err != nil {
		return nil, nil, fmt.Errorf("image: %w", err)
	}
	img := &data.Image{Width: width, Height: height}
	marks, m, err := maskOf(file, mask)
	if err == nil {
		err = m.CheckSize(img, "in gt", "in img")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("mask: %w", err)
	}
	if err := fillImage(img, pixels); err != nil {
		return nil, nil, fmt.Errorf("image: %w", err)
	}
	if err := fillMask(m, marks); err != nil {
		return nil, nil, fmt.Errorf("mask: %w", err)
	}
	return img, m, nil
}

// imageOf checks that an array is a picture: MATLAB's h x w x 3 uint8, which
// the file holds as [3, w, h].
func imageOf(file *mat73.File, object mat73.Ref) (d *mat73.Dataset, width, height int, err error) {
	if d, err = file.Dataset(object); err != nil {
		return nil, 0, 0, err
	}
	if len(d.Dims) != 3 || d.Dims[0] != 3 || d.Type.Kind != mat73.Unsigned || d.Type.Bytes != 1 {
		return nil, 0, 0, fmt.Errorf("it is an array of %v %s, expected a picture of [3 width height] uint8; check which file this is", d.Dims, d.Type)
	}
	return d, d.Dims[1], d.Dims[2], nil
}

// fillImage turns MATLAB's columns and planes into rows of pixels.
func fillImage(img *data.Image, d *mat73.Dataset) error {
	array, err := d.Read(maxBytes)
	if err != nil {
		return err
	}
	source, plane := array.Bytes(), img.Width*img.Height
	img.Pix = make([]uint8, 3*plane)
	for channel := range 3 {
		columns := source[channel*plane:]
		for y := range img.Height {
			row := img.Pix[3*y*img.Width:]
			for x := range img.Width {
				row[3*x+channel] = columns[x*img.Height+y]
			}
		}
	}
	return nil
}

// maxNesting bounds cells within cells.
const maxNesting = 4

// maskOf follows the cells of gt to the first mask, as the released code does.
func maskOf(file *mat73.File, object mat73.Ref) (*mat73.Dataset, *data.Mask, error) {
	d, err := file.Dataset(object)
	for n := 0; err == nil && d.Type.Kind == mat73.Reference; n++ {
		if n == maxNesting {
			return nil, nil, fmt.Errorf("found cells within cells, %d deep, expected a mask; check which file this is", n)
		}
		var cell *mat73.Array
		if cell, err = d.Read(maxBytes); err == nil {
			d, err = file.Dataset(cell.Ref(0))
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if len(d.Dims) != 2 {
		return nil, nil, fmt.Errorf("it is an array of %v %s, expected [width height]; check which file this is", d.Dims, d.Type)
	}
	return d, &data.Mask{Width: d.Dims[0], Height: d.Dims[1]}, nil
}

// fillMask accepts 0 and one other value; a NaN equals none.
func fillMask(m *data.Mask, d *mat73.Dataset) error {
	array, err := d.Read(maxBytes)
	if err != nil {
		return err
	}
	m.Pix = make([]float32, m.Width*m.Height)
	foreground := 0.0
	for y := range m.Height {
		for x := range m.Width {
			v := array.Float(x*m.Height + y)
			if v == 0 {
				continue
			}
			if foreground == 0 {
				foreground = v
			}
			if v != foreground {
				return fmt.Errorf("found the values %g and %g, expected 0 for the background and one other for the object; check which file this is", foreground, v)
			}
			m.Pix[y*m.Width+x] = 1
		}
	}
	return nil
}
