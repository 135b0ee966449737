package imagenet

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
)

// Set is one published data set on disk.
type Set struct {
	*data.Files
	Facts   Facts
	layout  layout
	factors []string // by sample; nil where nothing is varied
	folder  []string // ObjectNet: the folder of each sample
}

// Facts says what was recognised and how it compares with what was published.
type Facts struct {
	Kind            string   `json:"kind"`             // "ImageNet-A"
	Layout          string   `json:"layout"`           // "200 folders named by WordNet id"
	Images          int      `json:"images"`           // used
	ExpectedImages  []int    `json:"expected_images"`  // of the whole set; several where sources differ
	Classes         int      `json:"classes"`          // class folders with images
	ExpectedClasses int      `json:"expected_classes"` // of the whole set
	LeftOut         int      `json:"left_out"`         // images that are no part of the test (unmapped folders, merged tags)
	Masks           int      `json:"masks,omitempty"`  // mask files that fit an image
	Notes           []string `json:"notes,omitempty"`  // what is good to know
	Faults          []string `json:"faults,omitempty"` // what is wrong, each with a next step
}

// String is "ImageNet-A, 200 folders named by WordNet id".
func (f Facts) String() string { return f.Kind + ", " + f.Layout }

// Stray is the number of files that are no part of the test.
func (s *Set) Stray() int { return s.Ignored + s.Facts.LeftOut }

// Factor is the value of the varied factor, "" where the layout does not say.
func (s *Set) Factor(i int) string {
	if s.factors == nil {
		return ""
	}
	return s.factors[i]
}

// ReadableNames are the classes for people.
func (s *Set) ReadableNames() []string { return Names() }

// Under reads and scores the set by protocol. "paper" and "native": all 1000
// classes compete and, in ObjectNet, the first mapped class alone is right, as
// in the released code. "timm": in A and R only the set's 200 classes compete;
// in ObjectNet all 1000 compete, every mapped class is right, and the red border
// goes (2 pixels: JPEG smears the 1-pixel border).
func (s *Set) Under(protocol string) (data.Dataset, data.Scoring) {
	if !strings.HasPrefix(protocol, "timm") {
		if s.layout.name == "objectnet" {
			return s, data.Scoring{Rule: "1000-way, first mapped class, border kept"}
		}
		return s, data.Scoring{Rule: "1000-way"}
	}
	switch s.layout.name {
	case "imagenet-a", "imagenet-r":
		return s, data.Scoring{Rule: "200-way: only the set's classes compete", Classes: Subset(s.layout.subset)}
	case "objectnet":
		return Cropped(s, objectNetBorder), data.Scoring{Rule: "1000-way, any mapped class, 2 px border cut", Accepted: s.accepted}
	}
	return s, data.Scoring{Rule: "1000-way"}
}

// objectNetBorder is what is cut from each side, in pixels.
const objectNetBorder = 2

func (s *Set) accepted(i int) []int { return labels().objectNet[s.folder[i]] }

// Cropped cuts a border of so many pixels from each side of every image. The
// data set must have no masks.
func Cropped(d data.Dataset, border int) data.Dataset { return cropped{d, border} }

type cropped struct {
	data.Dataset
	border int
}

func (c cropped) Load(i int) (data.Sample, error) {
	sample, err := c.Dataset.Load(i)
	if err != nil {
		return sample, err
	}
	img, b := sample.Image, c.border
	w, h := img.Width-2*b, img.Height-2*b
	if w < 1 || h < 1 {
		return sample, fmt.Errorf("image %s has %d x %d pixels, less than its border of %d; remove it", sample.ID, img.Width, img.Height, b)
	}
	out := &data.Image{Width: w, Height: h, Pix: make([]uint8, 0, 3*w*h)}
	for y := b; y < b+h; y++ {
		out.Pix = append(out.Pix, img.Pix[3*(y*img.Width+b):3*(y*img.Width+b+w)]...)
	}
	sample.Image = out
	return sample, nil
}
