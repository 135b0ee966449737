package pages

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// owner is the user whose runs these are: no page may name him.
const owner = "Xaver Quill"

// runs are the run folders of every kind, made once.
var runs made

type made struct {
	once sync.Once
	dir  string
	err  error
}

func (m *made) remove() { os.RemoveAll(m.dir) }

// home is the owner's folder, with a folder runs in it. The words that
// [places] lists stand wherever something has a name.
func (m *made) home(t *testing.T) string {
	t.Helper()
	m.once.Do(func() { m.err = m.make(t) })
	if m.err != nil {
		t.Fatal(m.err)
	}
	return filepath.Join(m.dir, "home", owner)
}

func (m *made) make(t *testing.T) (err error) {
	if m.dir, err = os.MkdirTemp("", "robustvit-pages-"); err != nil {
		return err
	}
	home := filepath.Join(m.dir, "home", owner)
	at := func(name string) string { return filepath.Join(home, name) }
	if err := writeData(at("zqfolder")); err != nil {
		return err
	}
	if err := os.WriteFile(at("zqerror.png"), []byte("no image"), 0o644); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"pretrain", "--data", at("zqfolder"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
			"--steps", "30", "--batch", "6", "--rate", "0.003", "--out", at("runs/zqmodel")},
		{"finetune", "--weights", at("runs/zqmodel"), "--data", at("zqfolder"), "--classes", "zqclass1,zqclass2", "--per-class", "1", "--keep", "all",
			"--epochs", "2", "--batch", "2", "--watch", "--dir", at("runs/zqfolder")},
		{"evaluate", "--weights", at("runs/zqmodel"), "--weights", at("runs/zqfolder"), "--data", at("zqfolder"), "--dir", at("runs/evaluation")},
		{"segment", "--weights", at("runs/zqmodel"), "--data", at("zqfolder"), "--dir", at("runs/segmentation")},
		{"explain", "--weights", at("runs/zqmodel"), "--after", at("runs/zqfolder"), at("zqfolder/val/zqclass1"), at("zqerror.png"), "--out", at("runs/explanation")},
		{"masks", "--weights", at("runs/zqmodel"), "--data", at("zqfolder"), "--min-separation", "0", "--max-sides", "4", "--min-area", "0", "--max-area", "0.5", "--out", at("runs/zqmask")},
		{"demo", "--offline", "--model", at("runs/zqmodel"), "--data", at("zqfolder"), "--per-class", "1", "--epochs", "1", "--dir", at("runs/main")},
		{"bench", "--models", "demo", "--cases", "forward", "--rounds", "1", "--seconds", "0.01", "--batch", "1", "--out", at("runs/bench")},
		{"sweep", "table-3", "--offline", "--model", at("runs/zqmodel"), "--data", at("zqfolder"), "--per-class", "1", "--epochs", "1", "--draws", "1", "--dir", at("runs/sweep")},
	} {
		if o := catalogue.RunIn(t, home, []string{"HOME=" + home, "USER=" + owner, "LOGNAME=" + owner}, args...); o.Code != 0 {
			return fmt.Errorf("%v: %s", args, o)
		}
	}
	return os.MkdirAll(at("runs/zqerror"), 0o755)
}

// writeData writes a folder of three classes with masks: train and two sets.
func writeData(dir string) error {
	for _, set := range []string{"train", "val", "zqset"} {
		for class := range 3 {
			for i := range 2 {
				name := filepath.Join(fmt.Sprintf("zqclass%d", class), fmt.Sprintf("zqfile%d.png", i))
				if err := writeSquare(filepath.Join(dir, set, name), i, color.RGBA{uint8(80 * class), uint8(200 - 60*class), 90, 255}, color.RGBA{128, 120, 128, 255}); err != nil {
					return err
				}
				if err := writeSquare(filepath.Join(dir, set+"_masks", name), i, color.White, color.Black); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// writeSquare draws a square whose place is number i.
func writeSquare(path string, i int, square, ground color.Color) error {
	img := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for y := range 16 {
		for x := range 16 {
			img.Set(x, y, ground)
			if x >= 2+i && x < 10+i && y >= 3 && y < 11 {
				img.Set(x, y, square)
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return png.Encode(f, img)
}
