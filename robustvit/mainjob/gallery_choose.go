package mainjob

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/run"
)

// Kinds of pictures, by what the finetuning did to the prediction.
const (
	Corrected = "corrected" // wrong before, right after
	Broken    = "broken"    // right before, wrong after
	Same      = "same"      // right before and after
)

const galleryRule = "Nobody chose them: of the pictures of each kind in a set, those whose SHA-256 of seed, set and ID is smallest are shown."

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
		kinds := galleryKinds(before, after)
		g.Counts = append(g.Counts, GalleryCounts{set, len(kinds[Corrected]), len(kinds[Broken]), len(kinds[Same]), len(before)})
		for _, kind := range []string{Corrected, Broken, Same} {
			for n, i := range draw(kinds[kind], before, w.Config.Gallery, fmt.Sprintf("%d/%s", g.Seed, set)) {
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

// galleryKinds sorts the indices of a set by kind; what stays wrong has none.
func galleryKinds(before, after []evaluate.Record) map[string][]int {
	kinds := map[string][]int{}
	for i := range before {
		kind := ""
		switch was, is := before[i].Correct(1), after[i].Correct(1); {
		case was && is:
			kind = Same
		case is:
			kind = Corrected
		case was:
			kind = Broken
		default:
			continue
		}
		kinds[kind] = append(kinds[kind], i)
	}
	return kinds
}

// draw chooses n of the candidates by the smallest hash of salt and ID: the same
// on every machine, and not changed by pictures that come or go.
func draw(candidates []int, records []evaluate.Record, n int, salt string) []int {
	type ticket struct {
		index int
		sum   [sha256.Size]byte
	}
	var tickets []ticket
	for _, i := range candidates {
		tickets = append(tickets, ticket{i, sha256.Sum256([]byte(salt + "/" + records[i].ID))})
	}
	slices.SortFunc(tickets, func(a, b ticket) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), a.index-b.index)
	})
	var chosen []int
	for _, t := range tickets[:min(n, len(tickets))] {
		chosen = append(chosen, t.index)
	}
	return chosen
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
