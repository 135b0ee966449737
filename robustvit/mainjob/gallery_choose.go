package mainjob

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/gallery"
	"github.com/robustvit/workbench/robustvit/run"
)

// Kinds of pictures, by what the finetuning did to the prediction.
const (
	Corrected = gallery.Corrected
	Broken    = gallery.Broken
	Same      = gallery.Same
)

// GalleryCounts says how many pictures of a set there are of each kind.
type GalleryCounts struct {
	Set       string `json:"set"`
	Corrected int    `json:"corrected"`
	Broken    int    `json:"broken"`
	Same      int    `json:"same"`
	Images    int    `json:"images"`
}

// chooseGallery fills the items from the records of the first and last model.
func (w *worker) chooseGallery(g *Gallery) error {
	for _, set := range w.Config.Sets {
		byModel := map[string][]evaluate.Record{}
		for _, m := range g.Models {
			records, err := run.ReadLines[evaluate.Record](w.run, run.RecordsName(set, m.Name))
			if err != nil {
				return err
			}
			if first := byModel[Before]; first != nil && len(records) != len(first) {
				return fmt.Errorf("records of %s: %d of %s, %d of %s; remove the folder records to measure again", set, len(records), m.Name, len(first), Before)
			}
			byModel[m.Name] = records
		}
		before, after := byModel[Before], byModel[g.Models[len(g.Models)-1].Name]
		kinds := gallery.Kinds(before, after)
		g.Counts = append(g.Counts, GalleryCounts{set, len(kinds[Corrected]), len(kinds[Broken]), len(kinds[Same]), len(before)})
		for _, kind := range []string{Corrected, Broken, Same} {
			for n, i := range gallery.Draw(kinds[kind], before, w.Config.Gallery, fmt.Sprintf("%d/%s", g.Seed, set)) {
				item := GalleryItem{Set: set, Kind: kind, ID: before[i].ID, Class: before[i].Class, ClassName: w.className(before[i].Class),
					Image: fmt.Sprintf("gallery/%s/%s-%d.png", set, kind, n+1), Views: map[string]GalleryView{}, index: i}
				for _, m := range g.Models {
					item.Views[m.Name] = GalleryView{Top: w.galleryTop(byModel[m.Name][i])}
				}
				g.Items = append(g.Items, item)
			}
		}
	}
	return nil
}

func (w *worker) galleryTop(record evaluate.Record) []GalleryPrediction {
	var top []GalleryPrediction
	for k, class := range record.Top {
		top = append(top, GalleryPrediction{class, w.className(class), record.Confidence[k]})
	}
	return top
}

// className is the data's name of a class; a model may know more classes.
func (w *worker) className(class int) string {
	if class >= 0 && class < len(w.Config.ClassNames) {
		return w.Config.ClassNames[class]
	}
	return w.Model.ClassName(class)
}
