package masks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// Job makes a mask for each image of a data set.
type Job struct {
	Backend  compute.Backend
	Model    *pretrained.Model
	Images   data.Dataset
	Dir      string // receives CLASS/STEM.png at the size of the image, and masks.jsonl
	Rule     Rule
	Batch    int // images a step; 0 = 50
	Progress func(done, total int)
}

// Report counts the outcome: written + rejected = listed.
type Report struct {
	Listed   int            `json:"listed"`
	Written  int            `json:"written"`
	Rejected int            `json:"rejected"`
	Reasons  map[string]int `json:"reasons"` // by the first word of the reason
	Dir      string         `json:"dir"`
}

// Run writes the masks. Running it again overwrites them with the same bytes;
// masks.jsonl appears last and whole, so a folder with one is complete.
func Run(ctx context.Context, job Job) (Report, error) {
	report := Report{Dir: job.Dir, Reasons: map[string]int{}}
	if job.Batch == 0 {
		job.Batch = 50
	}
	predictor, store, err := job.Model.Predictor(job.Backend, job.Batch)
	if err != nil {
		return report, err
	}
	defer store.Finalize()
	defer predictor.Close()
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	protocol := data.Native() // its geometry can be undone; the normalisation is the model's
	protocol.Mean, protocol.Std = job.Model.Variant.Mean, job.Model.Variant.Std
	plan := data.Plan{BatchSize: job.Batch, Size: job.Model.Variant.ImageSize, Protocol: protocol}
	for batch, err := range data.Batches(ctx, job.Images, plan) {
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return report, fmt.Errorf("masks of %s: %w", job.Images.Name(), err)
		}
		made, err := job.batch(predictor, batch, report.Listed)
		if err != nil {
			return report, err
		}
		for _, m := range made {
			report.count(m)
			if err := encoder.Encode(m); err != nil {
				return report, err
			}
		}
		if job.Progress != nil {
			job.Progress(report.Listed, job.Images.Len())
		}
	}
	if report.Written == 0 {
		return report, fmt.Errorf("masks of %s: all %d were rejected (%v); relax the rule or use another model", job.Images.Name(), report.Listed, report.Reasons)
	}
	return report, writeFile(filepath.Join(job.Dir, "masks.jsonl"), lines.Bytes())
}

func (r *Report) count(m Mask) {
	r.Listed++
	if m.Rejected == "" {
		r.Written++
		return
	}
	r.Rejected++
	reason, _, _ := strings.Cut(m.Rejected, " ")
	r.Reasons[reason]++
}

// batch makes the masks of one batch, whose first image has the index first.
func (job Job) batch(predictor *robustvit.Predictor, batch *data.Batch, first int) ([]Mask, error) {
	v := job.Model.Variant
	attention, err := predictor.Attention(batch.Images, batch.N)
	if err != nil {
		return nil, err
	}
	var made []Mask
	for i := range batch.N {
		entry := job.Images.Entry(first + i)
		view, m := fromAttention(attention[i*v.Patches():(i+1)*v.Patches()], v.Grid(), v.ImageSize, job.Rule)
		m.ID = entry.ID
		m.File = filepath.ToSlash(filepath.Join(job.Images.Classes()[entry.Class], entry.ID[strings.LastIndex(entry.ID, "/")+1:]+".png"))
		if m.Rejected != "" {
			// An older mask of this image must not stand in for the rejected one.
			if err := os.Remove(filepath.Join(job.Dir, m.File)); err != nil && !os.IsNotExist(err) {
				return nil, fmt.Errorf("remove an older mask: %w", err)
			}
			m.File = ""
		} else if err := job.write(m.File, view, first+i); err != nil {
			return nil, err
		}
		made = append(made, m)
	}
	return made, nil
}

func (job Job) write(name string, view []bool, index int) error {
	sample, err := job.Images.Load(index)
	if err != nil {
		return err
	}
	mask := toImage(view, job.Model.Variant.ImageSize, sample.Image.Width, sample.Image.Height)
	picture := image.NewGray(image.Rect(0, 0, mask.Width, mask.Height))
	for i, v := range mask.Pix {
		picture.Pix[i] = uint8(255 * v)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		return fmt.Errorf("mask of %s: %w", sample.ID, err)
	}
	return writeFile(filepath.Join(job.Dir, name), encoded.Bytes())
}

// writeFile writes a whole file or none.
func writeFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
