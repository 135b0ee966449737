package masks

import (
	"errors"
	"fmt"
	"math"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/tokencut"
	"github.com/robustvit/workbench/robustvit"
)

// Methods.
const (
	TokenCut  = "tokencut"  // normalised cut of the last block's keys
	Attention = "attention" // CLS token's attention in the last block, mean over heads, thresholded
)

// Sizes at which the model sees an image.
const (
	AutoSize  = "auto"  // full where that is at least as many patches as the model was trained on, else model
	FullSize  = "full"  // as it is, up to the next multiple of the patch
	ModelSize = "model" // about as many patches as the model was trained on
)

// Settings decide every mask; with model and images they are config.json.
type Settings struct {
	Method    string            `json:"method"`
	Size      string            `json:"size"`
	MaxTokens int               `json:"max_tokens"`          // patches of an image at most; larger ones are reduced
	Cut       *tokencut.Options `json:"cut,omitempty"`       // of TokenCut
	KeepMass  float64           `json:"keep_mass,omitempty"` // of Attention: keep the strongest patches up to this share of it; 0 = Otsu's threshold
	Solver    *tokencut.Solver  `json:"solver"`              // nil = the coarse mask is the mask
	Rule      Rule              `json:"rule"`
	Seed      uint64            `json:"seed"` // of the pictures chosen for the page
}

// Defaults of a method: TokenCut as published with the bilateral solver,
// attention with Otsu's threshold and without.
func Defaults(method string) Settings {
	s := Settings{Method: method, Size: AutoSize, MaxTokens: 2400, Rule: DefaultRule(), Seed: 1}
	if method == TokenCut {
		cut, solver := tokencut.DefaultOptions(), tokencut.DefaultSolver()
		s.Cut, s.Solver = &cut, &solver
	}
	return s
}

// Validate reports every fault at once.
func (s Settings) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(s.Method == TokenCut || s.Method == Attention, "method %q is not %s or %s", s.Method, TokenCut, Attention)
	check(s.Size == AutoSize || s.Size == FullSize || s.Size == ModelSize, "size %q is not %s, %s or %s", s.Size, AutoSize, FullSize, ModelSize)
	check(s.MaxTokens >= 2 && s.MaxTokens <= tokencut.MaxTokens, "at most %d patches an image is outside 2 to %d", s.MaxTokens, tokencut.MaxTokens)
	check((s.Cut != nil) == (s.Method == TokenCut), "method %s with the settings of another", s.Method)
	check(s.KeepMass >= 0 && s.KeepMass < 1, "share %g of the attention to keep is outside 0 to 1", s.KeepMass)
	check(s.KeepMass == 0 || s.Method == Attention, "a share of the attention is kept only with method %s", Attention)
	errs = append(errs, s.Rule.Validate())
	if s.Cut != nil {
		errs = append(errs, s.Cut.Validate())
	}
	if s.Solver != nil {
		errs = append(errs, s.Solver.Validate())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("masks: %w; correct the settings, nothing was begun", err)
	}
	return nil
}

// grid is the number of patches, across and down, with which the model sees an
// image of w x h pixels.
func (s Settings) grid(v robustvit.Variant, w, h int) (columns, rows int) {
	across, down := float64(w)/float64(v.Patch), float64(h)/float64(v.Patch)
	columns, rows = patches(across), patches(down)
	if s.Size == ModelSize || s.Size == AutoSize && columns*rows < v.Patches() {
		scale := math.Sqrt(float64(v.Patches()) / (across * down))
		columns, rows = patches(across*scale), patches(down*scale)
	}
	if columns*rows > s.MaxTokens {
		scale := math.Sqrt(float64(s.MaxTokens) / (across * down))
		columns, rows = max(int(across*scale), 1), max(int(down*scale), 1)
	}
	// A strip of one row keeps its length within the bounds.
	most := max(min(s.MaxTokens, data.MaxSide/v.Patch), 1)
	return min(columns, most), min(rows, most)
}

// patches rounds half to even, as the released code does.
func patches(n float64) int { return max(int(math.RoundToEven(n)), 1) }
