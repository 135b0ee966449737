package verify

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/weights"
)

// Limits of pictures whose decoding is not exact (JPEG, lossy WebP): the share
// of pixels in which a channel is more than FarLevels away, and the mean
// distance of all values, in levels of 255. Other formats must agree bit for bit.
const (
	FarLevels = 8
	FarLimit  = 0.01
	MeanLimit = 0.5
)

// Prepared is the comparison of one picture under one protocol.
type Prepared struct {
	File     string  `json:"file"`
	Protocol string  `json:"protocol"` // name in the reference
	Format   string  `json:"format"`
	Exact    bool    `json:"exact"`   // every byte
	Far      float64 `json:"far"`     // share of pixels more than FarLevels away
	Mean     float64 `json:"mean"`    // distance of the values, in levels
	Largest  int     `json:"largest"` // distance of a value, in levels
	OK       bool    `json:"ok"`
}

// PreprocessReport is the outcome by file, then protocol.
type PreprocessReport struct {
	Dir      string     `json:"dir"`
	Rows     []Prepared `json:"rows"`
	NotFound []string   `json:"not_found,omitempty"` // pictures of the reference that are in none of the folders
}

// Fault is the first row beyond its limit as an error, or nil.
func (r PreprocessReport) Fault() error {
	for _, row := range r.Rows {
		switch {
		case row.OK:
		case lossy(row.Format):
			return fmt.Errorf("verify %s: %s under %s: %.2f %% of the pixels are more than %d levels away (at most %g %%) and the mean distance is %.3f (below %g); the fault lies in the %s decoder or the resize",
				r.Dir, row.File, row.Protocol, 100*row.Far, FarLevels, 100*FarLimit, row.Mean, MeanLimit, row.Format)
		default:
			return fmt.Errorf("verify %s: %s under %s: pixels differ by up to %d levels, expected the same bytes from a %s; the fault lies in the colours or the resize",
				r.Dir, row.File, row.Protocol, row.Largest, row.Format)
		}
	}
	return nil
}

func lossy(format string) bool { return format == "JPEG" || format == "WebP" }

const expectedFile = "expected.safetensors"

// IsPreprocess tells whether the folder holds reference pictures: Pillow's
// output for pictures and protocols, key = file|protocol, uint8 [h, w, 3].
func IsPreprocess(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, expectedFile))
	return err == nil
}

// Preprocess prepares every picture of the reference and compares. The pictures
// lie in the folder itself, in the given folders, or in a folder images in it
// or up to two levels above it.
func Preprocess(dir string, folders ...string) (PreprocessReport, error) {
	report := PreprocessReport{Dir: dir}
	file, err := weights.Read(filepath.Join(dir, expectedFile))
	if err != nil {
		return report, fmt.Errorf("verify: %w", err)
	}
	folders = append([]string{dir}, folders...)
	for _, up := range []string{"", "..", "../.."} {
		folders = append(folders, filepath.Join(dir, up, "images"))
	}
	for i := range file.Tensors {
		name, protocol, ok := strings.Cut(file.Tensors[i].Name, "|")
		if !ok || filepath.Base(name) != name {
			return report, fmt.Errorf("verify %s: tensor %q is not called FILE|PROTOCOL", filepath.Join(dir, expectedFile), file.Tensors[i].Name)
		}
		path := find(name, folders)
		if path == "" {
			if !slices.Contains(report.NotFound, name) {
				report.NotFound = append(report.NotFound, name)
			}
			continue
		}
		row, err := compare(path, protocol, &file.Tensors[i])
		if err != nil {
			return report, fmt.Errorf("verify %s: %w", dir, err)
		}
		report.Rows = append(report.Rows, row)
	}
	if len(report.Rows) == 0 {
		return report, fmt.Errorf("verify %s: none of the %d pictures was found; put them into the folder or name theirs", dir, len(report.NotFound))
	}
	slices.SortFunc(report.Rows, func(a, b Prepared) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Protocol, b.Protocol))
	})
	return report, nil
}

func find(name string, folders []string) string {
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// compare prepares one picture as the tensor was prepared.
func compare(path, name string, want *weights.Tensor) (Prepared, error) {
	row := Prepared{File: filepath.Base(path), Protocol: name}
	if want.DType != weights.U8 || len(want.Shape) != 3 || want.Shape[0] != want.Shape[1] || want.Shape[2] != 3 {
		return row, fmt.Errorf("tensor %q is %s %v, expected U8 [h, h, 3]", want.Name, want.DType, want.Shape)
	}
	protocol, err := referenceProtocol(name)
	if err != nil {
		return row, err
	}
	info, err := data.InspectImage(path)
	if err != nil {
		return row, err
	}
	img, err := data.ReadImage(path)
	if err != nil {
		return row, err
	}
	got, err := protocol.Apply(img, want.Shape[0])
	if err != nil {
		return row, fmt.Errorf("%s: %w", path, err)
	}
	row.Format = info.Format
	row.measure(got.Pix, want.Data)
	return row, nil
}

// measure fills in the distances of two pictures.
func (row *Prepared) measure(got, want []uint8) {
	far, sum := 0, 0
	for at := 0; at < len(want); at += 3 {
		largest := 0
		for c := at; c < at+3; c++ {
			d := int(got[c]) - int(want[c])
			d = max(d, -d)
			sum += d
			largest = max(largest, d)
		}
		if largest > FarLevels {
			far++
		}
		row.Largest = max(row.Largest, largest)
	}
	row.Far, row.Mean = float64(far)/float64(len(want)/3), float64(sum)/float64(len(want))
	row.Exact = row.Largest == 0
	row.OK = row.Exact || lossy(row.Format) && row.Far <= FarLimit && row.Mean < MeanLimit
}

// referenceProtocol reads the names of the reference: paper_eval,
// paper_train_resize, squash_224, timm_bicubic_0.9 and others of their kind.
func referenceProtocol(name string) (data.Protocol, error) {
	parts := strings.Split(name, "_")
	switch {
	case name == "paper_eval":
		return data.Paper(), nil
	case name == "paper_train_resize" || parts[0] == "squash":
		return data.Squash(), nil
	case parts[0] == "timm" && len(parts) == 3:
		protocol := data.Timm(0, [3]float32{}, [3]float32{})
		fraction, err := strconv.ParseFloat(parts[2], 64)
		protocol.Crop = fraction
		return protocol, errors.Join(err, protocol.Filter.UnmarshalText([]byte(parts[1])))
	}
	return data.Protocol{}, fmt.Errorf("protocol %q of the reference is unknown; known: paper_eval, paper_train_resize, squash_SIZE, timm_FILTER_CROP", name)
}
