package inspect

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
)

// Preparation says what to prepare and how.
type Preparation struct {
	File, Mask string        // paths; no mask where that is empty
	Protocol   string        // name
	Weights    string        // the model's size, crop and normalisation; "" = the protocol's own
	Size       int           // of the model's input in pixels; 0 = the model's, else 224
	Rule       data.MaskRule // what becomes of the mask
	Rotate     bool          // by EXIF, image and mask
	Training   *Training     // a training pair instead of what an evaluation sees
	Out        string        // PNG; the mask goes beside it, to OUT_mask.png
}

// Training says which of the random pairs of a training to show.
type Training struct {
	Kind  string // of the augmentation
	Seed  uint64
	Epoch int
}

// Prepared says what [Prepare] read and wrote.
type Prepared struct {
	File        string        `json:"file"`
	Width       int           `json:"width"` // of the file, pixels
	Height      int           `json:"height"`
	Orientation int           `json:"orientation,omitempty"` // of EXIF, 0 = none
	Rotated     bool          `json:"rotated"`               // whether it was applied
	Protocol    data.Protocol `json:"protocol"`              // with mean and deviation of the normalisation that follows
	Augment     *data.Augment `json:"augment,omitempty"`
	Size        int           `json:"size"` // side of what the model sees
	Out         string        `json:"out"`
	SHA256      string        `json:"sha256"` // of the pixels
	MaskOut     string        `json:"mask_out,omitempty"`
	MaskRule    string        `json:"mask_rule,omitempty"`
	Foreground  float64       `json:"foreground,omitempty"` // share of the prepared mask
}

const defaultSize = 224

// Prepare writes the picture that a model sees of an image, before
// normalisation, and the mask that goes with it, as PNG.
func Prepare(p Preparation) (Prepared, error) {
	result := Prepared{File: p.File, Size: p.Size, Out: p.Out}
	if err := p.resolve(&result); err != nil {
		return result, err
	}
	sample, info, err := data.ReadPair(p.File, p.Mask, p.Rotate)
	if err != nil {
		return result, err
	}
	result.Width, result.Height, result.Orientation = info.Width, info.Height, info.Orientation
	result.Rotated = p.Rotate && info.Orientation > 1
	if sample, err = p.see(sample, &result); err != nil {
		return result, fmt.Errorf("prepare %q: %w", p.File, err)
	}
	result.SHA256 = sample.Image.SHA256()
	if err := data.WritePNG(p.Out, sample.Image.Picture()); err != nil || sample.Mask == nil {
		return result, err
	}
	result.MaskOut = strings.TrimSuffix(p.Out, filepath.Ext(p.Out)) + "_mask.png"
	result.MaskRule, result.Foreground = p.Rule.String(), sample.Mask.Foreground()
	return result, data.WritePNG(result.MaskOut, sample.Mask.Picture())
}

// resolve finds protocol and size.
func (p Preparation) resolve(result *Prepared) error {
	var err error
	if p.Weights == "" {
		if result.Size == 0 {
			result.Size = defaultSize
		}
		name := p.Protocol
		if name == "auto" { // no weights name one
			name = data.Paper().Name
		}
		result.Protocol, err = data.ProtocolByName(name)
		return err
	}
	m, err := recipe.OpenModel(p.Weights)
	if err != nil {
		return err
	}
	if result.Size == 0 {
		result.Size = m.Variant.ImageSize
	}
	if result.Size != m.Variant.ImageSize {
		return fmt.Errorf("prepare: model %s sees %d pixels, asked for %d; leave --size out", p.Weights, m.Variant.ImageSize, result.Size)
	}
	result.Protocol, err = pretrained.ProtocolOf(recipe.ProtocolName(p.Protocol, m), m.Variant)
	return err
}

// see prepares the pair.
func (p Preparation) see(s data.Sample, result *Prepared) (data.Sample, error) {
	if p.Training == nil {
		return data.Prepared(s, result.Protocol, result.Size, p.Rule)
	}
	if p.Training.Epoch < 0 {
		return s, errors.New("the epoch must not be negative")
	}
	result.Augment = &data.Augment{Kind: p.Training.Kind}
	var err error
	s.Image, s.Mask, err = result.Augment.Apply(s, result.Size, p.Rule, p.Training.Seed, p.Training.Epoch, 0)
	return s, err
}
