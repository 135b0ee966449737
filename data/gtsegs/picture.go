package gtsegs

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/mat73"
)

// imageSize checks that an array is a picture: MATLAB's h x w x 3 uint8, which
// the file holds as [3, w, h], or h x w in gray.
func imageSize(d *mat73.Dataset) (width, height int, err error) {
	dims := d.Dims
	if len(dims) == 3 && dims[0] == 3 {
		dims = dims[1:]
	}
	if len(dims) != 2 || d.Type.Kind != mat73.Unsigned || d.Type.Bytes != 1 {
		return 0, 0, fmt.Errorf("it is an array of %v %s, expected a picture of [3 width height] uint8; check which file this is", d.Dims, d.Type)
	}
	return dims[0], dims[1], nil
}

// readImage turns MATLAB's columns and planes into rows of pixels.
func readImage(file *mat73.File, object mat73.Ref) (*data.Image, error) {
	d, err := file.Dataset(object)
	if err != nil {
		return nil, err
	}
	width, height, err := imageSize(d)
	if err != nil {
		return nil, err
	}
	array, err := d.Read(maxBytes)
	if err != nil {
		return nil, err
	}
	img := &data.Image{Width: width, Height: height, Pix: make([]uint8, 3*width*height)}
	source, plane := array.Bytes(), width*height
	if len(source) == plane { // gray: the same plane three times
		plane = 0
	}
	for channel := range 3 {
		columns := source[channel*plane:]
		for y := range height {
			row := img.Pix[3*y*width:]
			for x := range width {
				row[3*x+channel] = columns[x*height+y]
			}
		}
	}
	return img, nil
}

// maxNesting bounds cells within cells.
const maxNesting = 4

// readMask follows the cells of gt to the first mask, as the released code
// does.
func readMask(file *mat73.File, object mat73.Ref, img *data.Image) (*data.Mask, error) {
	d, err := file.Dataset(object)
	for n := 0; err == nil && d.Type.Kind == mat73.Reference; n++ {
		if n == maxNesting {
			return nil, fmt.Errorf("found cells within cells, %d deep, expected a mask; check which file this is", n)
		}
		var cell *mat73.Array
		if cell, err = d.Read(8 * maxPictures); err == nil {
			d, err = file.Dataset(cell.Ref(0))
		}
	}
	if err != nil {
		return nil, err
	}
	if len(d.Dims) != 2 {
		return nil, fmt.Errorf("it is an array of %v %s, expected [width height]; check which file this is", d.Dims, d.Type)
	}
	m := &data.Mask{Width: d.Dims[0], Height: d.Dims[1]}
	if err := m.CheckSize(img, "in gt", "in img"); err != nil {
		return nil, err
	}
	array, err := d.Read(maxBytes)
	if err != nil {
		return nil, err
	}
	return m, binary(m, array)
}

// binary fills the mask. It holds 0 and one other value; a NaN equals none.
func binary(m *data.Mask, array *mat73.Array) error {
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
