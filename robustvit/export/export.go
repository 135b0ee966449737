package export

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// Formats of an export.
const (
	Timm         = "timm"         // folder for timm.create_model("local-dir:DIR", pretrained=True)
	Transformers = "transformers" // folder for AutoModelForImageClassification.from_pretrained("DIR")
	Safetensors  = "safetensors"  // one file in timm's names
	NPZ          = "npz"          // one NumPy archive as Google's JAX code lays it out
)

// Job is one export.
type Job struct {
	Model   *pretrained.Model
	Format  string
	Dir     string
	Backend compute.Backend // computes the parity logits
}

// Result says what was written.
type Result struct {
	Dir     string   `json:"dir"`
	Format  string   `json:"format"`
	Files   []string `json:"files"`
	Weights string   `json:"weights_sha256"` // of the tensors in timm names, the same before and after
	Use     string   `json:"use"`            // the line that loads it in Python
}

// Run writes the export, reads it back and compares.
func Run(ctx context.Context, job Job) (Result, error) {
	result := Result{Dir: job.Dir, Format: job.Format, Weights: job.Model.SHA256}
	if err := emptyOrOurs(job.Dir); err != nil {
		return result, err
	}
	info, err := job.info()
	if err != nil {
		return result, err
	}
	switch job.Format {
	case Timm:
		err = weights.ExportTimm(job.Dir, job.Model.File, info)
		result.Use = fmt.Sprintf("timm.create_model(%q, pretrained=True)", "local-dir:"+job.Dir)
	case Transformers:
		err = weights.ExportTransformers(job.Dir, job.Model.File, info)
		result.Use = fmt.Sprintf("transformers.AutoModelForImageClassification.from_pretrained(%q)", job.Dir)
	case Safetensors:
		err = job.writePlain(info)
		result.Use = fmt.Sprintf("safetensors.torch.load_file(%q)", filepath.Join(job.Dir, modelFile))
	case NPZ:
		err = job.writeNPZ(info)
		result.Use = timmLine(info) + fmt.Sprintf(".load_pretrained(%q)", filepath.Join(job.Dir, weights.NPZFile))
	default:
		err = fmt.Errorf("export format %q is not one of %s, %s, %s, %s", job.Format, Timm, Transformers, Safetensors, NPZ)
	}
	if err != nil {
		return result, err
	}
	if err := job.check(ctx); err != nil {
		return result, err
	}
	if err := job.parity(); err != nil {
		return result, err
	}
	result.Files, err = list(job.Dir)
	return result, err
}

const modelFile = "model.safetensors"

// info is what the reader in Python has to know; the protocol that the model
// was finetuned with says how to prepare its input.
func (job Job) info() (weights.ExportInfo, error) {
	v, m := job.Model.Variant, job.Model
	info := weights.ExportInfo{
		Architecture: v.Name, ImageSize: v.ImageSize, Patch: v.Patch, Width: v.Width, Depth: v.Depth, Heads: v.Heads, MLP: v.MLP,
		Classes: v.Classes, ClassNames: m.Classes, Mean: v.Mean, Std: v.Std, Metadata: maps.Clone(m.File.Metadata),
	}
	name := m.File.Metadata["protocol"]
	switch {
	case name != "":
	case m.File.Metadata["method"] == "pretrain": // here, on pictures of the model's size
		name = data.Native().Name
	default: // the model's own
		name = data.Timm(1, v.Mean, v.Std).Name
	}
	protocol, err := finetune.ProtocolOf(name, v)
	if err != nil {
		return info, fmt.Errorf("export %s: metadata: %w", m.Source, err)
	}
	info.Mean, info.Std = protocol.Mean, protocol.Std
	info.Interpolation, info.Squash = protocol.Filter.String(), protocol.Squash
	info.CropPct = protocol.CropFraction(v.ImageSize)
	return info, nil
}

// writePlain writes the tensors alone, with the metadata that the folders' files carry.
func (job Job) writePlain(info weights.ExportInfo) error {
	return job.writeFile(modelFile, job.plain(info), weights.Write)
}

// writeNPZ writes the tensors in Google's names and layout.
func (job Job) writeNPZ(info weights.ExportInfo) error {
	jax, err := weights.ToJAX(job.plain(info))
	if err != nil {
		return fmt.Errorf("export to %q: %w", job.Dir, err)
	}
	return job.writeFile(weights.NPZFile, jax, weights.WriteNPZ)
}

func (job Job) writeFile(name string, file *weights.File, write func(string, *weights.File) error) error {
	if err := os.MkdirAll(job.Dir, 0o755); err != nil {
		return fmt.Errorf("export to %q: %w; choose another folder", job.Dir, err)
	}
	return write(filepath.Join(job.Dir, name), file)
}

// plain is the model's file with what the reader has to know in its metadata.
func (job Job) plain(info weights.ExportInfo) *weights.File {
	file := job.Model.File.With("format", "pt").With(weights.MetadataModel, info.Architecture).With(weights.MetadataHeads, fmt.Sprint(info.Heads))
	file = file.With(weights.MetadataFilter, info.Interpolation).With(weights.MetadataCropMode, info.CropMode()).With(weights.MetadataCrop, fmt.Sprint(info.CropPct))
	for key, three := range map[string][3]float32{weights.MetadataMean: info.Mean, weights.MetadataStd: info.Std} {
		file = file.With(key, fmt.Sprintf("%g,%g,%g", three[0], three[1], three[2]))
	}
	return file
}

// timmLine builds the model in Python: an archive does not say how.
func timmLine(info weights.ExportInfo) string {
	return fmt.Sprintf("timm.models.VisionTransformer(img_size=%d, patch_size=%d, embed_dim=%d, depth=%d, num_heads=%d, mlp_ratio=%d/%d, num_classes=%d)",
		info.ImageSize, info.Patch, info.Width, info.Depth, info.Heads, info.MLP, info.Width, info.Classes)
}

// check reads the export back: the same bits or an error.
func (job Job) check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	back, err := job.readBack()
	if err != nil {
		return fmt.Errorf("export to %q: it cannot be read back: %w", job.Dir, err)
	}
	if back.SHA256 != job.Model.SHA256 {
		return fmt.Errorf("export to %q: read back, the weights have SHA-256 %.12s, expected %.12s; the disk is not to be trusted, export elsewhere", job.Dir, back.SHA256, job.Model.SHA256)
	}
	return nil
}

func (job Job) readBack() (*pretrained.Model, error) {
	if job.Format != NPZ {
		return pretrained.Open(job.Dir)
	}
	path := filepath.Join(job.Dir, weights.NPZFile)
	file, err := weights.ReadNPZ(path)
	if err != nil {
		return nil, err
	}
	if file, err = weights.ToTimm(file); err != nil {
		return nil, err
	}
	return pretrained.New(file, path)
}

// emptyOrOurs refuses a folder with other things in it: a model file among
// photographs helps nobody, and a run folder must not be written over.
func emptyOrOurs(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // not there yet, or the writer's error
	}
	ours := []string{modelFile, weights.NPZFile, "config.json", "preprocessor_config.json", weights.ParityFile}
	for _, e := range entries {
		if !slices.Contains(ours, e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			return fmt.Errorf("export to %q: the folder holds %s; choose a new or empty folder", dir, e.Name())
		}
	}
	return nil
}

func list(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("export to %q: %w", dir, err)
	}
	var files []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			files = append(files, e.Name())
		}
	}
	return files, nil
}
