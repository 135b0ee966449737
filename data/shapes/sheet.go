package shapes

import (
	"image"
	"image/color"
)

// ContactSheet shows the first images of every set, one row a set; run picks
// other images (of purpose ForDesign, so that no test image is looked at).
func ContactSheet(sets []Set, columns int, run uint64) image.Image {
	columns = max(columns, 1)
	sheet := image.NewNRGBA(image.Rect(0, 0, columns*Size, max(len(sets), 1)*Size))
	for row, set := range sets {
		for column := range columns {
			img, _, _, _ := Generate(set.Config, Seed(ForDesign, row, run), column)
			for i := range Size * Size {
				pix := img.Pix[3*i:][:3]
				sheet.SetNRGBA(column*Size+i%Size, row*Size+i/Size, color.NRGBA{pix[0], pix[1], pix[2], 255})
			}
		}
	}
	return sheet
}
