package data

import (
	"context"
	"sync"
)

// Problem is a sample that cannot be used, with the reason.
type Problem struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Report is what Check found. Used + Skipped + len(Refused) = Listed: no file
// is lost silently.
type Report struct {
	Set           string    `json:"set"`
	Listed        int       `json:"listed"`
	Used          int       `json:"used"`
	Skipped       int       `json:"skipped"` // stray files
	Refused       []Problem `json:"refused,omitempty"`
	Indices       []int     `json:"-"`         // of the used samples: Subset leaves the refused ones out
	PerClass      []int     `json:"per_class"` // used samples, by class index
	Masks         int       `json:"masks"`
	ExtraMasks    int       `json:"extra_masks"` // mask files without an image
	NoForeground  int       `json:"no_foreground"`
	AllForeground int       `json:"all_foreground"`
	Rotated       int       `json:"rotated"`       // files with an EXIF orientation other than upright, which is not applied
	Animated      int       `json:"animated"`      // files of which only the first frame is used
	SmallestSide  int       `json:"smallest_side"` // pixels, over all used images
	LargestSide   int       `json:"largest_side"`
}

// infoOf is empty where the sample is no file.
func infoOf(d Dataset, i int) ImageInfo {
	switch d := d.(type) {
	case interface {
		Info(i int) (ImageInfo, error)
	}:
		info, _ := d.Info(i) // the same file was loaded a moment ago
		return info
	case *masked:
		return infoOf(d.Dataset, i)
	case *flat:
		return infoOf(d.Dataset, i)
	case *subset:
		return infoOf(d.Dataset, d.indices[i])
	}
	return ImageInfo{}
}

// Check loads every sample and counts what it found. The error is the
// context's; faults of the data are in the report.
func Check(ctx context.Context, d Dataset) (Report, error) { return CheckWith(ctx, d, nil) }

// CheckWith is Check with a listener that hears how many samples are done; it is
// called from one goroutine at a time.
func CheckWith(ctx context.Context, d Dataset, done func(n, of int)) (Report, error) {
	report := Report{Set: d.Name(), Skipped: strayOf(d), PerClass: make([]int, len(d.Classes()))}
	report.Listed = d.Len() + report.Skipped
	if m, ok := d.(interface{ ExtraMasks() int }); ok {
		report.ExtraMasks = m.ExtraMasks()
	}
	faults := make([]error, d.Len())
	var lock sync.Mutex
	finished := 0
	if err := forEach(ctx, d.Len(), 0, func(i int) error {
		sample, err := d.Load(i)
		var info ImageInfo
		if faults[i] = err; err == nil {
			info = infoOf(d, i)
		}
		lock.Lock()
		defer lock.Unlock()
		if err == nil {
			report.add(sample, info)
		}
		if finished++; done != nil {
			done(finished, d.Len())
		}
		return nil
	}); err != nil {
		return Report{}, err
	}
	for i, fault := range faults {
		if fault != nil {
			report.Refused = append(report.Refused, Problem{d.Entry(i).ID, fault.Error()})
		} else {
			report.Indices = append(report.Indices, i)
		}
	}
	return report, nil
}

func (r *Report) add(s Sample, info ImageInfo) {
	if info.Orientation > 1 {
		r.Rotated++
	}
	if info.Animated {
		r.Animated++
	}
	r.Used++
	if s.Class != NoClass {
		r.PerClass[s.Class]++
	}
	short, long := min(s.Image.Width, s.Image.Height), max(s.Image.Width, s.Image.Height)
	if r.SmallestSide == 0 || short < r.SmallestSide {
		r.SmallestSide = short
	}
	r.LargestSide = max(r.LargestSide, long)
	if s.Mask == nil {
		return
	}
	r.Masks++
	switch s.Mask.Foreground() {
	case 0:
		r.NoForeground++
	case 1:
		r.AllForeground++
	}
}
