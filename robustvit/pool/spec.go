package pool

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/robustvit/workbench/robustvit/finetune"
)

// Spec is everything that decides a model and what is measured of it. Two equal
// specs are one model.
type Spec struct {
	Kind        string           `json:"kind"` // "point"
	Base        string           `json:"base"`
	Weights     string           `json:"weights_sha256"` // of the pretrained model
	Data        string           `json:"data"`
	Protocol    Protocol         `json:"protocol"`
	KeepCorrect bool             `json:"keep_correct,omitempty"`
	Masks       string           `json:"masks,omitempty"`    // "" = the data's own, or TokenCut
	Finetune    *finetune.Config `json:"finetune,omitempty"` // nil = as pretrained
	Blend       *Blend           `json:"blend,omitempty"`
}

// Protocol is a protocol's name with the normalisation that the model gets.
type Protocol struct {
	Name string     `json:"name"`
	Mean [3]float32 `json:"mean"`
	Std  [3]float32 `json:"std"`
}

// TokenCut is the source of masks that needs no labels (Spec.Masks).
const TokenCut = "tokencut"

// Blend takes a finetuned model's weights only in part: w = before + Alpha (w - before).
type Blend struct {
	Alpha float64 `json:"alpha"` // 0 = the pretrained model, 1 = the finetuned one; beyond 1 extrapolates
}

// SHA256 is the hash of the spec.
func (s Spec) SHA256() string {
	text, err := json.Marshal(s)
	if err != nil { // a NaN in the setting, which Validate refuses later
		text = fmt.Append(nil, s)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Folder is the name of the model's folder below the pool's.
func (s Spec) Folder() string { return s.Base + "-" + s.SHA256()[:12] }

// With is the spec with the masks of another source.
func (s Spec) With(masks string) Spec {
	s.Masks = masks
	return s
}

// Blended is the spec with its weights taken in part.
func (s Spec) Blended(alpha float64) Spec {
	s.Blend = &Blend{alpha}
	return s
}

// Whole is the model that a blend takes its weights from, else the spec itself.
func (s Spec) Whole() Spec {
	s.Blend = nil
	return s
}
