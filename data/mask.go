package data

import "fmt"

// CheckSize reports a mask that does not fit its image. The two names are
// those of the files as the user wrote them.
func (m *Mask) CheckSize(img *Image, maskName, imageName string) error {
	if m.Width == img.Width && m.Height == img.Height {
		return nil
	}
	return fmt.Errorf("mask %s is %d x %d pixels but its image %s is %d x %d; "+
		"write the mask at the size of the image file", maskName, m.Width, m.Height, imageName, img.Width, img.Height)
}

// Foreground is the share of the mask that is marked, in [0, 1].
func (m *Mask) Foreground() float64 {
	sum := 0.0
	for _, v := range m.Pix {
		sum += float64(v)
	}
	return sum / float64(max(1, len(m.Pix)))
}
