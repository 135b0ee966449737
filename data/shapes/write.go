package shapes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/robustvit/workbench/data"
)

const (
	classesFile = "classes.txt" // written last: a folder without it is unfinished
	readmeFile  = "README.txt"  // written first: says which data the folder is for
)

// Write lays the collection out as an ImageNet-style folder:
//
//	README.txt                     how it was generated
//	classes.txt                    one class name a line, in the order of the class index
//	train/heart/000009.png         8-bit RGB
//	train_masks/heart/000009.png   8-bit gray, 255 = foreground
//
// and likewise for val and the other sets. Read back in the order of classes.txt
// and file names it gives the same samples with the same IDs. Every file appears
// whole or not at all, and classes.txt appears last. A second call finishes what
// an interrupted one left and writes nothing when all is there; a folder that
// holds anything else is refused. progress, which may be nil, is called from one
// goroutine at a time with the number of samples done.
func Write(ctx context.Context, dir string, c *Collection, progress func(done, total int)) error {
	sets, err := c.datasets()
	if err != nil {
		return err
	}
	if err := claim(dir, c.readme()); err != nil {
		return err
	}
	w := writer{dir: dir, progress: progress}
	_, err = os.Stat(filepath.Join(dir, classesFile))
	if w.complete = err == nil; !w.complete {
		if err := data.Begin(dir, "robustvit data write "+dir); err != nil {
			return fmt.Errorf("shapes: %w", err)
		}
	}
	for _, set := range sets {
		w.total += set.Len()
	}
	for _, set := range sets {
		if err := w.writeSet(ctx, set); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, classesFile), []byte(strings.Join(c.Classes(), "\n")+"\n")); err != nil {
		return err
	}
	return data.Finish(dir)
}

// datasets are the training images and then every evaluation set.
func (c *Collection) datasets() ([]data.Dataset, error) {
	train, err := c.Train()
	if err != nil {
		return nil, err
	}
	sets := []data.Dataset{train}
	for _, name := range c.SetNames() {
		set, err := c.Set(name)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// claim makes dir the folder of the data that readme describes, or says why it
// cannot be.
func claim(dir, readme string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("shapes: make the folder for the images: %w; choose another folder", err)
	}
	path := filepath.Join(dir, readmeFile)
	found, err := os.ReadFile(path)
	switch {
	case err == nil && string(found) == readme:
		return nil
	case err == nil:
		return fmt.Errorf("shapes: %s holds other data (its %s differs in numbers, seeds or settings); choose a new folder", dir, readmeFile)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("shapes: read the description of the folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("shapes: list the folder for the images: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			return fmt.Errorf("shapes: %s is not empty (it holds %s) and has no %s of ours; choose a new folder", dir, entry.Name(), readmeFile)
		}
	}
	return writeFile(path, []byte(readme))
}

type writer struct {
	dir      string
	complete bool // an earlier call finished: files that exist are whole
	total    int
	progress func(done, total int)

	mu   sync.Mutex
	done int
}

func (w *writer) writeSet(ctx context.Context, set data.Dataset) error {
	for _, class := range set.Classes() {
		for _, folder := range []string{set.Name(), set.Name() + "_masks"} {
			if err := os.MkdirAll(filepath.Join(w.dir, folder, class), 0o755); err != nil {
				return fmt.Errorf("shapes: make a class folder: %w; choose another folder", err)
			}
		}
	}
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range set.Len() {
		if running.Err() != nil {
			break
		}
		group.Go(func() error {
			if err := w.writeSample(set, i); err != nil {
				return err
			}
			w.step()
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// writeSample writes image and mask, unless both are there.
func (w *writer) writeSample(set data.Dataset, i int) error {
	id := set.Entry(i).ID
	imagePath := filepath.Join(w.dir, filepath.FromSlash(id)+".png")
	maskPath := filepath.Join(w.dir, filepath.FromSlash(set.Name()+"_masks"+strings.TrimPrefix(id, set.Name()))+".png")
	haveImage, haveMask := w.finished(imagePath), w.finished(maskPath)
	if haveImage && haveMask {
		return nil
	}
	sample, err := set.Load(i)
	if err != nil {
		return err
	}
	if !haveImage {
		if err := writePNG(imagePath, sample.Image.Picture()); err != nil {
			return err
		}
	}
	if !haveMask {
		return writePNG(maskPath, sample.Mask.Picture())
	}
	return nil
}

// finished reports whether path is a whole PNG. The names come from renames, but
// after a power cut a renamed file may still be empty or cut short.
func (w *writer) finished(path string) bool {
	if w.complete {
		info, err := os.Stat(path)
		return err == nil && info.Mode().IsRegular() && info.Size() > 0
	}
	return isWholePNG(path)
}

func (w *writer) step() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done++
	if w.progress != nil {
		w.progress(w.done, w.total)
	}
}
