package bench

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writePhotos writes n JPEG files DIR/CLASS/FILE of two classes. Side is the
// model's image size: at 224 they have ImageNet's usual 500 x 375 pixels.
func writePhotos(dir string, n, side int) error {
	w, h := 500*side/224, 375*side/224
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("class%d", i%2))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("bench: photographs: %w", err)
		}
		var content bytes.Buffer
		if err := jpeg.Encode(&content, photo(w, h, uint64(i)), &jpeg.Options{Quality: 90}); err != nil {
			return fmt.Errorf("bench: photographs: %w", err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("photo%03d.jpg", i)), content.Bytes(), 0o644); err != nil {
			return fmt.Errorf("bench: photographs: %w", err)
		}
	}
	return nil
}

// photo is noise with a photograph's spectrum: each octave of detail is fainter
// than the one before, so that the file is about as large and slow to decode.
func photo(w, h int, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 375))
	values := make([]float64, 3*w*h)
	for octave, height := 0, 70.0; octave < 7; octave, height = octave+1, height*0.95 {
		addNoise(values, w, h, max(128>>octave, 1), height, rng)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		level := func(channel int) uint8 { return uint8(min(max(128+values[3*i+channel], 0), 255)) }
		img.SetRGBA(i%w, i/w, color.RGBA{level(0), level(1), level(2), 255})
	}
	return img
}

// addNoise adds random levels on a lattice of so many pixels, linear in between.
func addNoise(values []float64, w, h, pitch int, height float64, rng *rand.Rand) {
	columns := w/pitch + 2
	lattice := make([][3]float64, columns*(h/pitch+2))
	for i := range lattice {
		grey := rng.Float64() - 0.5 // neighbouring colours are mostly alike
		for channel := range 3 {
			lattice[i][channel] = height * (1.6*grey + 0.4*(rng.Float64()-0.5))
		}
	}
	for y := range h {
		row, dy := math.Modf(float64(y) / float64(pitch))
		for x := range w {
			column, dx := math.Modf(float64(x) / float64(pitch))
			at := int(row)*columns + int(column)
			for channel := range 3 {
				top := lattice[at][channel]*(1-dx) + lattice[at+1][channel]*dx
				bottom := lattice[at+columns][channel]*(1-dx) + lattice[at+columns+1][channel]*dx
				values[3*(y*w+x)+channel] += top*(1-dy) + bottom*dy
			}
		}
	}
}
