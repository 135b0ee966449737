package data

import (
	"errors"
	"fmt"
	"image"
)

// IDs is a map of numbers, row-major: which category each pixel belongs to.
type IDs struct {
	Width, Height int
	Pix           []uint16
	// Narrow says that the file has 8 bits a pixel: it cannot hold a number above 255.
	Narrow bool
}

// DecodeIDs reads a map of category numbers through the image gate: an RGB PNG
// of 8 bits with id = R + 256*G and B = 0 (ImageNet-S), or a gray one of 16 or 8
// bits that holds the number itself. JPEG, palettes, transparency and a blue
// channel that is in use are refused: their values are not the numbers.
func DecodeIDs(content []byte) (ids *IDs, err error) {
	f, err := sniff(content)
	if err != nil {
		return nil, err
	}
	if f.name != "PNG" {
		return nil, fmt.Errorf("it is a %s, expected a PNG with the category as R + 256*G; take the file as it was published", f.name)
	}
	p, err := decode(content)
	if err != nil {
		return nil, err
	}
	defer recovered(f, &err)
	if p.translucent() {
		return nil, errors.New("its transparency varies, expected one opaque layer; take the file as it was published")
	}
	b := p.Bounds()
	ids = &IDs{Width: b.Dx(), Height: b.Dy(), Pix: make([]uint16, b.Dx()*b.Dy())}
	switch img := p.Image.(type) {
	case *image.Gray16:
		for i := range ids.Pix {
			ids.Pix[i] = img.Gray16At(b.Min.X+i%ids.Width, b.Min.Y+i/ids.Width).Y
		}
	case *image.Gray:
		ids.Narrow = true
		for i := range ids.Pix {
			ids.Pix[i] = uint16(img.GrayAt(b.Min.X+i%ids.Width, b.Min.Y+i/ids.Width).Y)
		}
	case *image.RGBA, *image.NRGBA:
		err = ids.fromColours(p.rgb())
	case *image.Paletted:
		return nil, errors.New("it is a palette PNG, whose colours are no category numbers; expected 8-bit RGB with R + 256*G, or 16-bit gray")
	default:
		return nil, errors.New("it has 16 bits a colour, expected 8-bit RGB with R + 256*G, or 16-bit gray; take the file as it was published")
	}
	return ids, err
}

// fromColours reads R + 256*G.
func (ids *IDs) fromColours(img *Image) error {
	for i := range ids.Pix {
		pixel := img.Pix[3*i : 3*i+3]
		if pixel[2] != 0 {
			return fmt.Errorf("its blue channel holds %d, expected 0 with the category in R + 256*G; "+
				"the channels were stored in the order BGR, or it is a coloured picture: take the file as it was published", pixel[2])
		}
		ids.Pix[i] = uint16(pixel[0]) | uint16(pixel[1])<<8
	}
	return nil
}
