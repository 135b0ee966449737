package data

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Protocol says how a picture of any size becomes the model's input: resize
// the short side, cut the centre, normalise each channel.
type Protocol struct {
	Name   string     `json:"name"`
	Filter Filter     `json:"filter"`
	Scale  float64    `json:"scale,omitempty"`  // short side = round(Scale * size); 0 = 1
	Crop   float64    `json:"crop,omitempty"`   // if set, short side = floor(size / Crop) instead (timm's crop_pct)
	Squash bool       `json:"squash,omitempty"` // resize both sides to the short side, without keeping the proportions
	Mean   [3]float32 `json:"mean"`             // of values in [0, 1]
	Std    [3]float32 `json:"std"`
}

// half is the normalisation of the original ViT: [0, 1] becomes [-1, 1].
var half = [3]float32{0.5, 0.5, 0.5}

// Native prepares pictures made for the model: one of exactly the model's size
// passes unchanged, any other is resized on the short side and centre-cropped.
func Native() Protocol { return Protocol{Name: "native", Scale: 1, Mean: half, Std: half} }

// Paper is the evaluation of the released code, for every model: Resize(256)
// bilinear and CenterCrop(224) at 224 pixels, mean and deviation 0.5.
func Paper() Protocol {
	return Protocol{Name: "paper", Scale: 256.0 / 224, Mean: half, Std: half}
}

// Timm is timm's evaluation: bicubic, short side floor(size/cropPct), the
// model's own mean and deviation.
func Timm(cropPct float64, mean, std [3]float32) Protocol {
	return Protocol{Name: "timm", Filter: Bicubic, Crop: cropPct, Mean: mean, Std: std}
}

// Squash is the segmentation test of the released code: the picture is squashed
// to size x size (bilinear), its target with the Strict mask rule.
func Squash() Protocol { return Protocol{Name: "squash", Squash: true, Mean: half, Std: half} }

// ProtocolByName finds a protocol: native, paper, timm (crop 0.9 and 0.5/0.5;
// set Crop, Mean and Std to the model's) or squash.
func ProtocolByName(name string) (Protocol, error) {
	known := []Protocol{Native(), Paper(), Timm(0.9, half, half), Squash()}
	names := make([]string, len(known))
	for i, p := range known {
		if p.Name == name {
			return p, nil
		}
		names[i] = p.Name
	}
	return Protocol{}, fmt.Errorf("protocol %q is unknown; use one of %s", name, strings.Join(names, ", "))
}

// Apply returns the size x size picture that the model sees, before
// normalisation. img is not changed but may be returned as it is.
func (p Protocol) Apply(img *Image, size int) (*Image, error) {
	if img == nil || img.Width < 1 || img.Height < 1 {
		return nil, fmt.Errorf("protocol %s: the image is empty", p.Name)
	}
	x, y, err := p.axes(img.Width, img.Height, size)
	if err != nil {
		return nil, err
	}
	return resample(img, x, y, p.Filter), nil
}

// Resize gives img width x height pixels without keeping its proportions, bit
// for bit as Pillow does. img is not changed but may be returned as it is.
func Resize(img *Image, width, height int, f Filter) (*Image, error) {
	if img == nil || img.Width < 1 || img.Height < 1 {
		return nil, errors.New("resize: the image is empty")
	}
	if min(width, height) < 1 || max(width, height) > MaxSide {
		return nil, fmt.Errorf("resize: %d x %d pixels are outside 1 to %d a side", width, height, MaxSide)
	}
	return resample(img, axis{img.Width, width, 0, width}, axis{img.Height, height, 0, height}, f), nil
}

// ApplyMask gives the mask the geometry that Apply gives its image.
func (p Protocol) ApplyMask(m *Mask, size int, rule MaskRule) (*Mask, error) {
	if m == nil || m.Width < 1 || m.Height < 1 {
		return nil, fmt.Errorf("protocol %s: the mask is empty", p.Name)
	}
	x, y, err := p.axes(m.Width, m.Height, size)
	if err != nil {
		return nil, err
	}
	return resampleMask(m, x, y, rule), nil
}

// axes places the crop in the resized picture.
func (p Protocol) axes(width, height, size int) (x, y axis, err error) {
	if err := p.checkSize(size); err != nil {
		return x, y, err
	}
	short := p.shortSide(size)
	if short < size {
		return x, y, fmt.Errorf("protocol %s: the short side would become %d, less than the crop of %d; "+
			"use a scale of at least 1 or a crop fraction in (0, 1]", p.Name, short, size)
	}
	w, h := short, short
	switch {
	case p.Squash:
	case width <= height:
		h = short * height / width // torchvision truncates the long side
	default:
		w = short * width / height
	}
	return centre(width, w, size), centre(height, h, size), nil
}

func (p Protocol) checkSize(size int) error {
	if size < 1 || size > MaxSide {
		return fmt.Errorf("protocol %s: image size %d is outside 1 to %d", p.Name, size, MaxSide)
	}
	return nil
}

// shortSide is the side of the picture before the crop.
func (p Protocol) shortSide(size int) int {
	switch {
	case p.Crop > 0:
		return int(float64(size) / p.Crop)
	case p.Scale > 0:
		return int(math.RoundToEven(p.Scale * float64(size)))
	}
	return size
}

// CropFraction is the crop over the resized short side, in timm's words: the
// short side is floor(size / fraction).
func (p Protocol) CropFraction(size int) float64 {
	if p.Crop > 0 {
		return p.Crop
	}
	short := p.shortSide(size)
	fraction := float64(size) / float64(short)
	for int(float64(size)/fraction) < short { // the quotient was rounded up
		fraction = math.Nextafter(fraction, 0)
	}
	return fraction
}

// centre rounds half to even, as Python's round in torchvision's CenterCrop.
func centre(in, out, size int) axis {
	return axis{in, out, int(math.RoundToEven(float64(out-size) / 2)), size}
}

// MaxSide bounds the side of a prepared picture, in pixels.
const MaxSide = 8192

// Normalize writes img as [3, h, w] float32 to dst: (x/255 - mean) / std, each
// operation rounded to float32 as in torchvision. dst holds 3*h*w values.
func Normalize(dst []float32, img *Image, mean, std [3]float32) {
	plane := img.Width * img.Height
	for channel := range 3 {
		var table [256]float32
		for v := range table {
			table[v] = float32(float32(float32(v)/255)-mean[channel]) / std[channel]
		}
		out := dst[channel*plane : (channel+1)*plane]
		for i := range out {
			out[i] = table[img.Pix[3*i+channel]]
		}
	}
}

// Describe says in words what Apply does.
func (p Protocol) Describe(size int) string {
	short := p.shortSide(size)
	resized := fmt.Sprintf("short side to %d", short)
	if p.Squash {
		resized = fmt.Sprintf("squashed to %d x %d", short, short)
	}
	if short == size && p.Squash {
		return fmt.Sprintf("%s, %s", resized, p.Filter)
	}
	return fmt.Sprintf("%s, %s, centre %d x %d", resized, p.Filter, size, size)
}
