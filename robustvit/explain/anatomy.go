package explain

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// Anatomy takes the relevance of one image apart: every layer, every head and
// every other explainer, for one class or several.
type Anatomy struct {
	Backend  compute.Backend
	Model    *pretrained.Model
	Sample   data.Sample // as it was read, of any size; with a mask the maps are scored
	Protocol string      // how the image is prepared, as in [Job]
	Classes  []string    // to explain, by name or index; nil = the predicted one, and the true one or the runner-up
	Dir      string      // run folder; other questions in it replace the earlier ones
}

// AnatomyFile is the [Parts] of an anatomy in its folder.
const AnatomyFile = "anatomy.json"

// Parts is anatomy.json. Raw values are those of the equations, one a patch, row
// by row; maps are 16-bit PNGs, upsampled and stretched to 0..1 as the loss sees them.
type Parts struct {
	Model    ModelInfo    `json:"model"`
	Protocol string       `json:"protocol"`
	ID       string       `json:"id"`              // of the image
	Truth    string       `json:"truth,omitempty"` // its class, where it is known
	Picture  string       `json:"picture"`         // what the model sees
	Mask     string       `json:"mask,omitempty"`
	Grid     int          `json:"grid"` // patches a side
	Top      []Prediction `json:"top"`
	Classes  []ClassParts `json:"classes"`
}

// ClassParts is what speaks for one class.
type ClassParts struct {
	Class      Prediction    `json:"class"`
	Layers     [][]float32   `json:"layers"` // L x P: the CLS row of R after each layer (Eq. 7)
	Heads      [][][]float32 `json:"heads"`  // L x H x P: max(gradient * attention, 0), the CLS row (Eq. 6)
	Explainers []Explained   `json:"explainers"`
}

// Explained is one explainer's map of a class.
type Explained struct {
	Name      string              `json:"name"`
	Patches   []float32           `json:"patches"`
	Relevance string              `json:"relevance"`
	Score     *evaluate.MapRecord `json:"score,omitempty"` // against the mask
}

// anatomyConfig is config.json.
type anatomyConfig struct {
	Kind     string    `json:"kind"` // "anatomy"
	Model    ModelInfo `json:"model"`
	Image    string    `json:"image"`
	SHA256   string    `json:"image_sha256"`
	Protocol string    `json:"protocol"`
	Classes  []string  `json:"classes"`
}

// Run writes the folder, or returns what is there where the question is the same.
func (a Anatomy) Run(ctx context.Context) (*Parts, error) {
	job := Job{Backend: a.Backend, Before: a.Model, Protocol: a.Protocol}
	sides, err := job.sides()
	if err != nil {
		return nil, err
	}
	if a.Sample.Image == nil {
		return nil, errors.New("explain: no image; name an image file")
	}
	info := ModelInfo{Before, "Model", a.Model.Source, a.Model.SHA256}
	folder, err := run.Create(a.Dir, anatomyConfig{"anatomy", info, a.Sample.ID, a.Sample.Image.SHA256(), job.Protocol, a.Classes},
		"model", "image", "image_sha256", "protocol", "classes")
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	parts := &Parts{Model: info, Protocol: job.Protocol, ID: a.Sample.ID, Grid: a.Model.Variant.Grid()}
	if folder.IsDone() {
		return parts, folder.ReadJSON(AnatomyFile, parts)
	}
	if err := os.RemoveAll(folder.Path(pictures)); err != nil {
		return nil, fmt.Errorf("remove the earlier anatomy: %w", err)
	}
	d := dissection{Anatomy: a, folder: folder, parts: parts}
	if err := d.all(ctx, sides[0].protocol); err != nil {
		return nil, fmt.Errorf("explain %s: %w", a.Sample.ID, err)
	}
	if err := folder.WriteJSON(AnatomyFile, parts); err != nil {
		return nil, err
	}
	return parts, folder.Done(map[string]any{"result": AnatomyFile})
}
