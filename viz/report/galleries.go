package report

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/robustvit/workbench/viz"
)

const galleryFile = "gallery.json"

// gallery is gallery.json of a main job: pictures chosen by a rule, with what
// each model makes of them.
type gallery struct {
	Rule   string          `json:"rule"`
	Seed   uint64          `json:"seed"`
	Models []Model         `json:"models"`
	Counts []galleryCounts `json:"counts"`
	Items  []galleryItem   `json:"items"`
}

// galleryCounts says how many pictures of a set there are of each kind.
type galleryCounts struct {
	Set       string `json:"set"`
	Corrected int    `json:"corrected"`
	Broken    int    `json:"broken"`
	Same      int    `json:"same"`
	Images    int    `json:"images"`
}

type galleryItem struct {
	Set   string                 `json:"set"`
	Kind  string                 `json:"kind"`
	ID    string                 `json:"id"`
	Class string                 `json:"class_name"`
	Image string                 `json:"image"`
	Mask  string                 `json:"mask"`
	Views map[string]galleryView `json:"views"` // by model
}

type galleryView struct {
	Top       []prediction `json:"top"`
	Relevance string       `json:"relevance"`
	OnObject  *float64     `json:"on_object"` // share of the relevance inside the mask, percent
}

type prediction struct {
	Name       string  `json:"name"`
	Confidence float64 `json:"confidence"`
}

func predictions(top []prediction) []viz.Prediction {
	var out []viz.Prediction
	for _, p := range top {
		out = append(out, viz.Prediction{Class: p.Name, Confidence: p.Confidence})
	}
	return out
}

// Galleries are the pictures that the finetuning corrected, broke and left
// right, with the relevance maps of the compared models. There are none where
// the job made no gallery.
func Galleries(dir string, r *Results) ([]viz.Gallery, string, error) {
	var g gallery
	err := readJSON(dir, galleryFile, &g)
	if errors.Is(err, os.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("report: %w", err)
	}
	kinds := []struct {
		kind, title, lead string
		total             func(galleryCounts) int
	}{
		{"corrected", "Corrected", "Wrong before, right after:", func(c galleryCounts) int { return c.Corrected }},
		{"broken", "Broken", "Right before, wrong after:", func(c galleryCounts) int { return c.Broken }},
		{"same", "Right before and after", "The prediction stays, the map may move:", func(c galleryCounts) int { return c.Same }},
	}
	var all []viz.Gallery
	for _, k := range kinds {
		v := viz.Gallery{Title: k.title, PageSize: min(max(len(g.Counts), 6), 12), MaxBytes: 6_000_000}
		images := 0
		for _, c := range g.Counts {
			v.Total, images = v.Total+k.total(c), images+c.Images
		}
		v.Lead = fmt.Sprintf("%s %d of %d pictures.", k.lead, v.Total, images)
		for _, item := range g.ofKind(k.kind) {
			card, err := g.card(dir, item, r)
			if err != nil {
				return nil, "", fmt.Errorf("report: gallery picture %q of %s: %w", item.ID, item.Set, err)
			}
			v.Items = append(v.Items, card)
		}
		all = append(all, v)
	}
	return all, g.Rule, nil
}

// ofKind lists one picture of each set, then the second of each, so that the
// first page shows all sets.
func (g gallery) ofKind(kind string) []galleryItem {
	type place struct {
		round int
		item  galleryItem
	}
	var places []place
	seen := map[string]int{}
	for _, item := range g.Items {
		if item.Kind == kind {
			places = append(places, place{seen[item.Set], item})
			seen[item.Set]++
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return a.round - b.round })
	items := make([]galleryItem, len(places))
	for i, p := range places {
		items[i] = p.item
	}
	return items
}

// shown are the models beside the picture: before and after, as in the paper's
// figures. The maps of a model between them stay in the folder.
func (g gallery) shown() []Model {
	if len(g.Models) <= 2 {
		return g.Models
	}
	return []Model{g.Models[0], g.Models[len(g.Models)-1]}
}

func (g gallery) card(dir string, item galleryItem, r *Results) (viz.GalleryItem, error) {
	card := viz.GalleryItem{ID: setTitle(r, item.Set) + " · " + private(item.ID), Truth: item.Class}
	var err error
	if card.Picture, err = readPicture(dir, item.Image); err != nil {
		return card, err
	}
	if card.Mask, err = readMap(dir, item.Mask); err != nil {
		return card, err
	}
	for _, m := range g.shown() {
		v, ok := item.Views[m.Name]
		if !ok {
			continue
		}
		view := viz.View{Name: private(m.Title), Top: predictions(v.Top)}
		if view.Relevance, err = readMap(dir, v.Relevance); err != nil {
			return card, err
		}
		if v.OnObject != nil {
			view.Note = fmt.Sprintf("%.0f %% on the object", *v.OnObject)
		}
		card.Views = append(card.Views, view)
	}
	return card, nil
}

func setTitle(r *Results, name string) string {
	if i := slices.IndexFunc(r.Sets, func(s Set) bool { return s.Name == name }); i >= 0 {
		return r.Sets[i].Title
	}
	return name
}
