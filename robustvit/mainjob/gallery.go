package mainjob

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/robustvit/workbench/robustvit/gallery"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// GalleryFile lists the pictures of the report, with the names of their files.
const GalleryFile = "gallery.json"

// Gallery is gallery.json: pictures chosen by a rule, with what each model makes
// of them.
type Gallery struct {
	Rule   string          `json:"rule"`
	Seed   uint64          `json:"seed"`
	Models []ModelInfo     `json:"models"` // compared, the original first
	Counts []GalleryCounts `json:"counts"`
	Items  []GalleryItem   `json:"items"`
}

// GalleryItem is one picture as the models see it. Files are PNGs in the run
// folder: image and mask of 8 bits, relevance of 16 (0 to 65535 is 0 to 1).
type GalleryItem struct {
	Set       string                 `json:"set"`
	Kind      string                 `json:"kind"` // corrected, broken or same
	ID        string                 `json:"id"`
	Class     int                    `json:"class"`
	ClassName string                 `json:"class_name"`
	Image     string                 `json:"image"`
	Mask      string                 `json:"mask,omitempty"`
	Views     map[string]GalleryView `json:"views"` // by model
	index     int                    // in its set
}

// GalleryView is what one model makes of a picture: its predictions and the
// relevance map of the first.
type GalleryView struct {
	Top       []GalleryPrediction `json:"top"`
	Relevance string              `json:"relevance"`
	// OnObject is the share of the relevance inside the mask, in percent; nil
	// without a mask.
	OnObject *float64 `json:"on_object,omitempty"`
}

// GalleryPrediction is one class with its confidence, 0 to 1.
type GalleryPrediction struct {
	Class      int     `json:"class"`
	Name       string  `json:"name"`
	Confidence float64 `json:"confidence"`
}

// gallery writes gallery.json and its pictures, the former last: where it is,
// it is complete.
func (w *worker) gallery(ctx context.Context) error {
	models := w.galleryModels()
	if w.Config.Gallery < 1 || len(models) < 2 || w.run.Has(GalleryFile) {
		return nil
	}
	w.phase("gallery")
	g := Gallery{Rule: gallery.Rule, Seed: w.Config.Finetune.Seed, Models: models}
	if err := w.chooseGallery(&g); err != nil {
		return err
	}
	pictures, err := w.galleryPictures(ctx, g.Items)
	if err != nil {
		return err
	}
	for _, m := range models {
		tuned := w.Model
		if m.Name != Before {
			if tuned, err = pretrained.Open(filepath.Join(w.Dir, m.Name, run.WeightsFile)); err != nil {
				return err
			}
		}
		if err := w.galleryViews(ctx, m.Name, tuned, g.Items, pictures); err != nil {
			return err
		}
	}
	return w.run.WriteJSON(GalleryFile, g)
}

// galleryModels are the original and the finetuned models, ours last. A control
// is left out where there is another: it moves neither maps nor predictions.
func (w *worker) galleryModels() []ModelInfo {
	models := []ModelInfo{{Name: Before, Title: w.title(Before)}}
	for _, arm := range w.Config.Arms {
		if arm.Name != Control || len(w.Config.Arms) == 1 {
			models = append(models, ModelInfo{Name: arm.Name, Title: arm.Title})
		}
	}
	slices.SortStableFunc(models, func(a, b ModelInfo) int {
		switch {
		case a.Name == After && b.Name != After:
			return 1
		case b.Name == After && a.Name != After:
			return -1
		}
		return 0
	})
	return models
}
