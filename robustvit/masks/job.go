package masks

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// Job makes a mask for each image of a data set.
type Job struct {
	Backend  compute.Backend
	Device   string // what environment.jsonl says of the backend
	Model    *pretrained.Model
	Images   data.Dataset
	Source   string // of the images, as the user wrote it
	Dir      string // run folder
	Settings Settings
	Workers  int // images whose masks are made at the same time; 0 = number of CPUs
	Phase    func(title string)
	Progress func(done, total int)
}

// Names of the files of a job beside those of every run folder.
const (
	ListFile   = "masks.jsonl"
	ReportFile = "masks.json"
	partsDir   = "parts"
)

// Report counts the outcome: written + rejected = listed. It is masks.json.
type Report struct {
	Listed   int            `json:"listed"`
	Written  int            `json:"written"`
	Rejected int            `json:"rejected"`
	Reasons  map[string]int `json:"reasons"` // by the first word of the reason
	Coarse   int            `json:"coarse"`  // of the written: the solver's mask was dropped for the coarse one
	Grids    int            `json:"grids"`   // distinct grids, each compiled once
	Chosen   string         `json:"chosen"`  // how the shown pictures were chosen
	Shown    []Shown        `json:"shown"`
}

// Shown is one picture of the page. Files are in the folder.
type Shown struct {
	Mask
	Picture string `json:"picture"`
	Heat    string `json:"heat"`   // the eigenvector or attention, 0 to 1, one value a patch
	Coarse  string `json:"coarse"` // the mask before the solver
	Final   string `json:"final"`  // the mask, also where it was rejected
}

// config is config.json.
type config struct {
	Kind    string `json:"kind"` // "masks"
	Model   string `json:"model"`
	Weights string `json:"weights_sha256"`
	Data    string `json:"data"`
	Set     string `json:"set"`
	Settings
}

// mayChange: a moved file is the same model, and the images are pinned by hash.
var mayChange = []string{"model", "data", "set"}

// Run makes the masks. A job that was stopped goes on where it stood and ends
// with the same bytes; other settings, weights or images than those of the
// folder are refused by name.
func Run(ctx context.Context, job Job) (Report, error) {
	if job.Model == nil || job.Backend == nil || job.Images == nil {
		return Report{}, errors.New("masks: no model or no images; name both")
	}
	if err := job.Settings.Validate(); err != nil {
		return Report{}, err
	}
	folder, err := run.Create(job.Dir, config{"masks", job.Model.Source, job.Model.SHA256, job.Source, job.Images.Name(), job.Settings}, mayChange...)
	if err != nil {
		return Report{}, err
	}
	defer folder.Close()
	if _, err := folder.Environment(0, finetune.Surroundings(job.Device)); err != nil {
		return Report{}, err
	}
	w := &worker{Job: job, folder: folder}
	report, err := w.all(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	if err != nil {
		return report, fmt.Errorf("masks of %s: %w", job.Images.Name(), err)
	}
	return report, nil
}

func (r *Report) count(m Mask) {
	r.Listed++
	if m.Rejected == "" {
		r.Written++
		if m.Agreement > 0 && !m.Refined {
			r.Coarse++
		}
		return
	}
	r.Rejected++
	reason, _, _ := strings.Cut(m.Rejected, " ")
	r.Reasons[strings.TrimSuffix(reason, ":")]++
}
