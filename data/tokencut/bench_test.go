package tokencut_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/tokencut"
)

// BenchmarkFind: 31 x 23 patches are an image of 500 x 375 at patch 16; the keys
// are as wide as ViT-B's.
func BenchmarkFind(b *testing.B) {
	for _, grid := range [][2]int{{31, 23}, {38, 37}, {62, 46}} {
		b.Run(fmt.Sprintf("%dtokens", grid[0]*grid[1]), func(b *testing.B) {
			keys := wideClusters(grid[0]*grid[1], 6, 768, 2)
			for b.Loop() {
				if _, err := tokencut.Find(keys, grid[0], grid[1], tokencut.DefaultOptions()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRefine solves at 500 x 375 pixels of strong texture.
func BenchmarkRefine(b *testing.B) {
	const w, h, gw, gh = 500, 375, 31, 23
	rng := rand.New(rand.NewPCG(1, 2))
	img := &data.Image{Width: w, Height: h, Pix: make([]uint8, 3*w*h)}
	for i := range img.Pix {
		img.Pix[i] = uint8(i/3%w/3 + rng.IntN(60))
	}
	cells := make([]bool, gw*gh)
	for i := range cells {
		cells[i] = i%gw > 8 && i%gw < 20 && i/gw > 6 && i/gw < 17
	}
	for b.Loop() {
		if _, err := tokencut.DefaultSolver().Refine(img, cells, gw, gh); err != nil {
			b.Fatal(err)
		}
	}
}
