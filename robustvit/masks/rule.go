package masks

import (
	"errors"
	"fmt"
)

// Rule says which masks are kept, whatever made them.
type Rule struct {
	MinArea       float64 `json:"min_area"`       // share of the image
	MaxArea       float64 `json:"max_area"`       // share of the image
	MinSeparation float64 `json:"min_separation"` // see Mask.Separation
	MaxSides      int     `json:"max_sides"`      // image sides the object may touch
	MinGap        float64 `json:"min_gap"`        // see Mask.Gap; only where a cut was made
	MinAgreement  float64 `json:"min_agreement"`  // see Mask.Agreement; only where the solver ran
}

// DefaultRule rejects specks, floods, maps without two levels, masks that touch
// all four sides, cuts that are one of many, and masks that the picture's own
// edges contradict.
func DefaultRule() Rule {
	return Rule{MinArea: 0.04, MaxArea: 0.75, MinSeparation: 0.55, MaxSides: 3, MinGap: 0.02, MinAgreement: 0.3}
}

// Validate reports every fault at once. A bound that nothing meets is refused
// too: such a job would reject every mask, after hours.
func (r Rule) Validate() error {
	var errs []error
	for _, share := range []struct {
		name  string
		value float64
	}{{"least area", r.MinArea}, {"largest area", r.MaxArea}, {"least separation", r.MinSeparation}, {"least gap", r.MinGap}, {"least agreement", r.MinAgreement}} {
		if !(share.value >= 0 && share.value <= 1) {
			errs = append(errs, fmt.Errorf("%s %g is outside 0 to 1", share.name, share.value))
		}
	}
	if r.MinArea > r.MaxArea {
		errs = append(errs, fmt.Errorf("least area %g is above the largest, %g", r.MinArea, r.MaxArea))
	}
	if r.MaxSides < 0 || r.MaxSides > 4 {
		errs = append(errs, fmt.Errorf("%d sides that an object may touch are outside 0 to 4", r.MaxSides))
	}
	return errors.Join(errs...)
}

// Mask is one image's outcome; a line of masks.jsonl.
type Mask struct {
	ID          string  `json:"id"`
	Class       string  `json:"class"`
	ImageSHA256 string  `json:"image_sha256"` // of the decoded pixels
	Width       int     `json:"width"`        // of the image, pixels
	Height      int     `json:"height"`
	Method      string  `json:"method"`
	Grid        [2]int  `json:"grid"`                // patches across and down
	Area        float64 `json:"area"`                // share of the image
	Sides       int     `json:"sides"`               // image sides touched
	Separation  float64 `json:"separation"`          // how clearly the map has two levels, 0 to 1
	Gap         float64 `json:"gap,omitempty"`       // of a cut: (lambda3 - lambda2) / lambda3, 1 = far cheaper than any other
	Agreement   float64 `json:"agreement,omitempty"` // of the bilateral solver: IoU of its mask and the coarse one
	Refined     bool    `json:"refined"`             // the mask is the solver's; false = the coarse one
	Rejected    string  `json:"rejected,omitempty"`
	File        string  `json:"file,omitempty"` // of a kept mask
	MaskSHA256  string  `json:"mask_sha256,omitempty"`
}

// reject gives the reason, or "".
func (s Settings) reject(m Mask) string {
	r := s.Rule
	switch {
	case m.Area < r.MinArea:
		return fmt.Sprintf("area %.3f below %.3f", m.Area, r.MinArea)
	case m.Area > r.MaxArea:
		return fmt.Sprintf("area %.3f above %.3f", m.Area, r.MaxArea)
	case m.Separation < r.MinSeparation:
		return fmt.Sprintf("separation %.2f below %.2f", m.Separation, r.MinSeparation)
	case m.Sides > r.MaxSides:
		return fmt.Sprintf("sides: touches %d, at most %d", m.Sides, r.MaxSides)
	case s.Cut != nil && m.Gap < r.MinGap:
		return fmt.Sprintf("gap %.3f below %.3f", m.Gap, r.MinGap)
	case s.Solver != nil && m.Agreement < r.MinAgreement:
		return fmt.Sprintf("agreement %.2f below %.2f", m.Agreement, r.MinAgreement)
	}
	return ""
}
