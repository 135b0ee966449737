package data

import (
	"image"
	"image/color"
)

// rgb converts the picture as Pillow's convert("RGB") does. Pillow knows the
// stored values, so alpha is dropped and never multiplied in.
func (p picture) rgb() *Image {
	switch img := p.Image.(type) {
	case *image.YCbCr:
		if p.format.name == "WebP" {
			return webpRGB(img)
		}
		return jpegRGB(img)
	case *image.NYCbCrA: // WebP
		return webpRGB(&img.YCbCr)
	}
	b := p.Bounds()
	out := &Image{Width: b.Dx(), Height: b.Dy(), Pix: make([]uint8, 3*b.Dx()*b.Dy())}
	for y := range out.Height {
		row := out.Pix[3*out.Width*y:][:3*out.Width]
		switch img := p.Image.(type) {
		case *image.Gray:
			for x, v := range img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):][:out.Width] {
				row[3*x], row[3*x+1], row[3*x+2] = v, v, v
			}
		case *image.NRGBA:
			dropAlpha(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.CMYK:
			cmykRow(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.Paletted:
			palettedRow(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):], img.Palette)
		case *image.NRGBA64:
			p.deepRow(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.Gray16:
			gray16Row(row, img.Pix[img.PixOffset(b.Min.X, b.Min.Y+y):], 2)
		default:
			p.anyRow(row, b.Min.X, b.Min.Y+y)
		}
	}
	return out
}

func dropAlpha(row, pix []uint8) {
	for x := 0; 3*x < len(row); x++ {
		copy(row[3*x:3*x+3], pix[4*x:4*x+3])
	}
}

// cmykRow: each colour is nk - c*nk/255 with nk = 255 - K, the product rounded.
func cmykRow(row, pix []uint8) {
	for x := 0; 3*x < len(row); x++ {
		light := 255 - int(pix[4*x+3])
		for c := range 3 {
			product := int(pix[4*x+c])*light + 128
			row[3*x+c] = uint8(max(0, light-(product>>8+product)>>8))
		}
	}
}

func palettedRow(row, pix []uint8, palette color.Palette) {
	for x := 0; 3*x < len(row); x++ {
		row[3*x], row[3*x+1], row[3*x+2] = stored(palette[pix[x]])
	}
}

// gray16Row clips at 255, because Pillow does: its mode I;16 holds numbers, not
// shades. stride is the number of bytes a pixel.
func gray16Row(row, pix []uint8, stride int) {
	for x := 0; 3*x < len(row); x++ {
		v := pix[stride*x+1]
		if pix[stride*x] != 0 {
			v = 255
		}
		row[3*x], row[3*x+1], row[3*x+2] = v, v, v
	}
}

// deepRow keeps the high bytes of 16-bit colours.
func (p picture) deepRow(row, pix []uint8) {
	if p.format.name == "PNG" && p.header[pngColourType] == 0 { // gray with one transparent value
		gray16Row(row, pix, 8)
		return
	}
	for x := 0; 3*x < len(row); x++ {
		row[3*x], row[3*x+1], row[3*x+2] = pix[8*x], pix[8*x+2], pix[8*x+4]
	}
}

const pngColourType = 25 // offset in the file

func (p picture) anyRow(row []uint8, left, y int) {
	for x := 0; 3*x < len(row); x++ {
		row[3*x], row[3*x+1], row[3*x+2] = stored(p.At(left+x, y))
	}
}

// stored is a colour as it stood in the file, before any multiplication by alpha.
func stored(c color.Color) (r, g, b uint8) {
	n, ok := c.(color.NRGBA)
	if !ok {
		n = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return n.R, n.G, n.B
}

// labels is rgb for masks: 16-bit gray values keep both bytes, as two channels,
// so that no value is lost.
func (p picture) labels() *Image {
	img, deep := p.Image.(*image.Gray16)
	if !deep {
		return p.rgb()
	}
	b := img.Bounds()
	out := &Image{Width: b.Dx(), Height: b.Dy(), Pix: make([]uint8, 3*b.Dx()*b.Dy())}
	for i := range b.Dx() * b.Dy() {
		v := img.Gray16At(b.Min.X+i%b.Dx(), b.Min.Y+i/b.Dx()).Y
		out.Pix[3*i+1], out.Pix[3*i+2] = uint8(v>>8), uint8(v)
	}
	return out
}

// translucent reports whether pixels differ in alpha.
func (p picture) translucent() bool {
	if opaque, ok := p.Image.(interface{ Opaque() bool }); ok && opaque.Opaque() {
		return false
	}
	b := p.Bounds()
	_, _, _, first := p.At(b.Min.X, b.Min.Y).RGBA()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if _, _, _, alpha := p.At(x, y).RGBA(); alpha != first {
				return true
			}
		}
	}
	return false
}
