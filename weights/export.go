package weights

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strconv"
)

// ExportInfo is what a reader in Python has to know beyond the tensors. Zero
// sizes are taken from the tensors; sizes that contradict them are an error.
type ExportInfo struct {
	Architecture string // timm's name where timm has it: vit_base_patch16_224
	ImageSize    int    // pixels
	Patch        int    // pixels
	Width        int
	Depth        int
	Heads        int // the one size that no tensor shows: here or in the file's metadata
	MLP          int
	Classes      int
	ClassNames   []string   // in the order of the logits; empty where there are none
	Mean, Std    [3]float32 // of the input in [0, 1], red, green, blue
	// Interpolation of the resize, "bilinear" (default, the paper's) or "bicubic".
	Interpolation string
	// CropPct is the side of the crop over the resized shorter side; default 0.875, the paper's 224 of 256.
	CropPct float64
	// Squash says that the picture is resized to a square first, whatever its proportions.
	Squash bool
	// Metadata traces the run: hash of the base weights, run id, protocol, lambdas, rate, mask source.
	Metadata map[string]string
}

// ExportTimm writes f as a folder that
//
//	timm.create_model("local-dir:DIR", pretrained=True)
//
// reads: model.safetensors and config.json. Add a check with WriteParity.
func ExportTimm(dir string, f *File, info ExportInfo) error {
	timm, info, err := prepareExport(dir, f, info)
	if err != nil {
		return err
	}
	return writeFolder(dir, timm, map[string]any{configFile: timmConfig(timm, info)})
}

// ExportTransformers writes f as a folder that
//
//	transformers.AutoModelForImageClassification.from_pretrained("DIR")
//
// reads: model.safetensors with split query, key and value, config.json (with
// layer_norm_eps 1e-6: transformers' own default would change the logits) and
// preprocessor_config.json.
func ExportTransformers(dir string, f *File, info ExportInfo) error {
	timm, info, err := prepareExport(dir, f, info)
	if err != nil {
		return err
	}
	renamed, err := ToTransformers(timm)
	if err != nil {
		return fmt.Errorf("export to %q: %w", dir, err)
	}
	return writeFolder(dir, renamed, map[string]any{
		configFile:     transformersConfig(timm, info),
		preprocessFile: transformersPreprocess(info),
	})
}

// Names of the tensors in a parity file.
const (
	ParityFile   = "parity.safetensors"
	ParityInputs = "inputs" // [B, 3, h, w], normalised
	ParityLogits = "logits" // [B, K]
)

// WriteParity stores fixed inputs and the logits they gave, so that a reader in
// Python can check an export:
//
//	p = safetensors.torch.load_file("parity.safetensors")
//	assert (model(p["inputs"]) - p["logits"]).abs().max() < 1e-4
func WriteParity(path string, inputs, logits Tensor) error {
	inputs.Name, logits.Name = ParityInputs, ParityLogits
	if inputs.DType != F32 || logits.DType != F32 || len(inputs.Shape) != 4 || len(logits.Shape) != 2 || inputs.Shape[0] != logits.Shape[0] {
		return fmt.Errorf("write parity file %q: found inputs %s %v and logits %s %v, expected F32 [B, 3, h, w] and F32 [B, K]",
			path, inputs.DType, inputs.Shape, logits.DType, logits.Shape)
	}
	return Write(path, &File{Tensors: []Tensor{inputs, logits}})
}

// prepareExport checks the tensors and completes the info and the metadata.
func prepareExport(dir string, f *File, info ExportInfo) (*File, ExportInfo, error) {
	fail := func(err error) (*File, ExportInfo, error) {
		return nil, info, fmt.Errorf("export to %q: %w", dir, err)
	}
	timm, err := ToTimm(f)
	if err != nil {
		return fail(err)
	}
	if err := timm.CheckFinite(); err != nil {
		return fail(err)
	}
	g, err := Describe(timm)
	if err != nil {
		return fail(err)
	}
	if info.Heads == 0 && g.HeadsFrom == headsFromMetadata {
		info.Heads = g.Heads
	}
	if err := info.complete(g); err != nil {
		return fail(err)
	}
	timm.Metadata = info.metadata(timm.Metadata)
	return timm, info, nil
}

// complete fills zero sizes from the tensors and reports all contradictions together.
func (info *ExportInfo) complete(g Geometry) error {
	var faults []error
	for _, row := range []struct {
		name  string
		value *int
		found int
	}{
		{"image size", &info.ImageSize, g.ImageSize}, {"patch", &info.Patch, g.Patch}, {"width", &info.Width, g.Width},
		{"depth", &info.Depth, g.Depth}, {"MLP width", &info.MLP, g.MLP}, {"classes", &info.Classes, g.Classes},
	} {
		if *row.value == 0 {
			*row.value = row.found
		}
		if *row.value != row.found {
			faults = append(faults, fmt.Errorf("%s: found %d in the tensors, expected %d", row.name, row.found, *row.value))
		}
	}
	if info.Heads < 1 || g.Width%max(1, info.Heads) != 0 {
		faults = append(faults, fmt.Errorf("heads: found %d, expected a number that divides the width %d; name it, no tensor shows it", info.Heads, g.Width))
	}
	if n := len(info.ClassNames); n != 0 && n != g.Classes {
		faults = append(faults, fmt.Errorf("class names: found %d, expected none or %d", n, g.Classes))
	}
	for i, std := range info.Std {
		if !(std > 0) {
			faults = append(faults, fmt.Errorf("std of channel %d: found %g, expected a number above 0", i, std))
		}
	}
	if info.Interpolation == "" {
		info.Interpolation = "bilinear"
	}
	if info.Interpolation != "bilinear" && info.Interpolation != "bicubic" {
		faults = append(faults, fmt.Errorf("interpolation: found %q, expected bilinear or bicubic", info.Interpolation))
	}
	if info.CropPct == 0 {
		info.CropPct = 0.875
	}
	return errors.Join(faults...)
}

// metadata is what the weights file itself carries, so that it explains itself
// without its folder. transformers refuses files without "format".
func (info *ExportInfo) metadata(of map[string]string) map[string]string {
	out := maps.Clone(of)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, info.Metadata)
	out["format"] = "pt"
	out[MetadataModel] = info.Architecture
	out[MetadataHeads] = strconv.Itoa(info.Heads)
	out[MetadataImage] = strconv.Itoa(info.ImageSize)
	out[MetadataPatch] = strconv.Itoa(info.Patch)
	out[MetadataMean] = joinNumbers(decimals(info.Mean))
	out[MetadataStd] = joinNumbers(decimals(info.Std))
	out[MetadataCrop] = strconv.FormatFloat(info.CropPct, 'g', -1, 64)
	out[MetadataFilter], out[MetadataCropMode] = info.Interpolation, info.CropMode()
	if len(info.ClassNames) > 0 {
		names, _ := json.Marshal(info.ClassNames) // strings always encode
		out[MetadataClassNames] = string(names)
	}
	return out
}

// writeFolder writes the configs first and the weights last: a folder that has
// model.safetensors is complete.
func writeFolder(dir string, f *File, configs map[string]any) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export to %q: %w; choose another folder", dir, reason(err))
	}
	for _, name := range sortedKeys(configs) {
		text, err := json.MarshalIndent(configs[name], "", "  ")
		if err != nil {
			return fmt.Errorf("export to %q: %s: %w", dir, name, err)
		}
		err = writeAtomic(filepath.Join(dir, name), func(w io.Writer) error {
			_, err := w.Write(append(text, '\n'))
			return err
		})
		if err != nil {
			return err
		}
	}
	return Write(filepath.Join(dir, modelFile), f)
}
