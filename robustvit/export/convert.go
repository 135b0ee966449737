package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// ConvertJob is one conversion.
type ConvertJob struct {
	From       string // PyTorch checkpoint, NumPy archive (.npz), safetensors or model folder
	To         string // empty for a file beside the old one
	Heads      int    // where not 0: noted in the file, no tensor of PyTorch shows them
	ImageSize  int    // where not 0: position embeddings are interpolated for this side in pixels
	ClassNames string // where not empty: file with the names of the classes
	Backbone   bool   // leave out heads, and what lies beside the backbone of a self-supervised checkpoint
	ZeroNaN    bool   // write 0 for NaN and infinite values, which are refused otherwise
}

// Conversion says what [Convert] read and wrote.
type Conversion struct {
	From     string           `json:"from"`
	To       string           `json:"to"`
	Names    string           `json:"names"` // convention of the file that was read
	Tensors  int              `json:"tensors"`
	LeftOut  []string         `json:"left_out,omitempty"` // tensors that were not taken
	Geometry weights.Geometry `json:"geometry"`
	Resized  int              `json:"resized_from,omitempty"`          // image size before, where it changed
	Epsilon  string           `json:"source_layer_norm_eps,omitempty"` // where config.json says another than the 1e-6 used here
	Zeroed   map[string]int   `json:"zeroed,omitempty"`                // values by tensor that were NaN or infinite
	Weights  string           `json:"weights_sha256"`
}

// Convert reads weights of any kind and naming that weights.Import knows and
// writes safetensors in timm's names: exactly the tensors of a Vision
// Transformer, finite values only, or nothing.
func Convert(job ConvertJob) (Conversion, error) {
	c := Conversion{From: job.From, To: job.To}
	if c.To == "" {
		c.To = converted(job.From)
	}
	if sameFile(c.To, job.From) {
		return c, fmt.Errorf("convert %q: it would be written over; name another file with --out", job.From)
	}
	file, err := weights.Import(job.From)
	if err != nil {
		return c, err
	}
	c.Names, c.Epsilon = string(weights.DetectNaming(file)), file.Metadata[weights.MetadataEpsilon]
	file, err = job.change(file, &c)
	if err != nil {
		return c, fmt.Errorf("convert %q: %w", job.From, err)
	}
	c.Tensors, c.Weights = len(file.Tensors), file.SHA256()
	return c, weights.Write(c.To, file)
}

// sameFile says whether two paths are one file, by whatever names.
func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	two, err2 := os.Stat(b)
	return filepath.Clean(a) == filepath.Clean(b) || err1 == nil && err2 == nil && os.SameFile(one, two)
}

// change gives the file timm's names and what else the job asks for.
func (job ConvertJob) change(file *weights.File, c *Conversion) (*weights.File, error) {
	if job.Backbone {
		file, c.LeftOut = weights.Backbone(file)
		c.Names = string(weights.DetectNaming(file))
	}
	file, err := weights.ToTimm(file)
	if err != nil {
		return nil, err
	}
	if job.ZeroNaN {
		file, c.Zeroed = file.Finite()
	}
	if job.Heads > 0 {
		file = file.With(weights.MetadataHeads, strconv.Itoa(job.Heads))
	}
	if err := job.check(file); err != nil {
		return nil, err
	}
	if job.ImageSize != 0 {
		before, err := weights.Describe(file)
		if err != nil {
			return nil, err
		}
		if file, err = weights.Resize(file, job.ImageSize); err != nil {
			return nil, err
		}
		if before.ImageSize != job.ImageSize {
			c.Resized = before.ImageSize
		}
	}
	if job.ClassNames != "" {
		names, err := weights.ReadClassNames(job.ClassNames)
		if err != nil {
			return nil, err
		}
		if file, err = weights.SetClassNames(file, names); err != nil {
			return nil, fmt.Errorf("class names in %q: %w", job.ClassNames, err)
		}
	}
	c.Geometry, err = weights.Describe(file)
	return file.With("format", "pt"), err
}

// check refuses what would not run: missing, extra and misshapen tensors by
// name, values that are not finite. Class names that the job replaces may be wrong.
func (job ConvertJob) check(file *weights.File) error {
	if job.ClassNames != "" {
		file = file.With(weights.MetadataClassNames, "")
	}
	_, err := pretrained.New(file, job.From)
	if _, ok := errors.AsType[*weights.NotFiniteError](err); ok {
		return fmt.Errorf("%w, or write 0 for them with --zero-nan", err)
	}
	if err != nil && !job.Backbone {
		return fmt.Errorf("%w; the model without its heads is taken with --backbone", err)
	}
	return err
}

// converted is the name of the new file: vit.pth.tar becomes vit.safetensors.
func converted(path string) string {
	stem := path
	for _, extension := range []string{".safetensors", ".tar", ".pth", ".pt", ".bin", ".ckpt", ".npz"} {
		stem = strings.TrimSuffix(stem, extension)
	}
	if stem = strings.TrimRight(stem, "/"); strings.HasSuffix(path, ".safetensors") {
		stem += ".timm"
	}
	return stem + ".safetensors"
}
