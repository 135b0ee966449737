package report

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// ExplainFile is the page of explained images in their folder.
const ExplainFile = "explain.html"

const explanationFile = "explain.json"

// explanation is explain.json: images with what one or two models make of them.
type explanation struct {
	Models []struct {
		Name   string `json:"name"`
		Title  string `json:"title"`
		Source string `json:"source"`
		SHA256 string `json:"sha256"`
	} `json:"models"`
	Protocol string `json:"protocol"`
	Size     int    `json:"size"`
	Target   string `json:"target"`
	Listed   int    `json:"listed"`
	Used     int    `json:"used"`
	Refused  []struct {
		Path  string `json:"path"`
		Error string `json:"error"`
	} `json:"refused"`
	Images []explainedImage `json:"images"`
}

type explainedImage struct {
	Path        string                   `json:"path"`
	Width       int                      `json:"width"`
	Height      int                      `json:"height"`
	Orientation int                      `json:"orientation"`
	Animated    bool                     `json:"animated"`
	Picture     string                   `json:"picture"`
	Views       map[string]explainedView `json:"views"`
}

type explainedView struct {
	Top       []prediction `json:"top"`
	Explained prediction   `json:"explained"`
	Relevance string       `json:"relevance"`
}

// WriteExplain writes explain.html of the explanation in dir and returns its path.
func WriteExplain(dir string) (path string, err error) {
	return Options{}.writeRun(dir, kindExplanation)
}

// Explanation is the page of the explanation in dir.
func Explanation(dir string) (viz.Report, error) {
	var e explanation
	err := readJSON(dir, explanationFile, &e)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return viz.Report{}, fmt.Errorf("report: %w; it appears when the explanation is complete: run explain again", err)
	case err != nil:
		return viz.Report{}, fmt.Errorf("report: %w", err)
	case len(e.Models) == 0:
		return viz.Report{}, fmt.Errorf("report: %s names no model; is it the folder of an explanation?", inside(dir, explanationFile))
	}
	gallery := viz.Gallery{Side: e.side(), Top: 5, PageSize: 24, MaxBytes: 20 << 20}
	for _, img := range e.Images {
		item, err := e.item(dir, img)
		if err != nil {
			return viz.Report{}, fmt.Errorf("report: image %q: %w", img.Path, err)
		}
		gallery.Items = append(gallery.Items, item)
	}
	page := viz.Report{Title: "What the model looks at", Subtitle: e.subtitle(), Provenance: e.provenance()}
	page.Sections = append(page.Sections, viz.Section{Title: "Images", Lead: e.reading(), Fragments: []viz.Fragment{gallery}})
	if len(e.Refused) > 0 {
		t := viz.Table{Corner: "file", Columns: []viz.Column{{Name: "why"}}}
		for _, r := range e.Refused {
			t.Rows = append(t.Rows, viz.TableRow{Name: private(r.Path), Cells: []viz.Cell{viz.Text(private(r.Error))}})
		}
		page.Sections = append(page.Sections, viz.Section{Title: "Not used", Fragments: []viz.Fragment{t}})
	}
	return page, nil
}

func (e explanation) item(dir string, img explainedImage) (viz.GalleryItem, error) {
	item := viz.GalleryItem{ID: fmt.Sprintf("%s · %d × %d", private(img.Path), img.Width, img.Height), Note: img.note()}
	var err error
	if item.Picture, err = readPicture(dir, img.Picture); err != nil {
		return item, err
	}
	for _, m := range e.Models {
		v, ok := img.Views[m.Name]
		if !ok {
			continue
		}
		view := viz.View{Name: m.Title, Top: predictions(v.Top)}
		if view.Relevance, err = readMap(dir, v.Relevance); err != nil {
			return item, err
		}
		if e.Target != "" {
			view.Note = fmt.Sprintf("map of %s, %.1f %%", v.Explained.Name, 100*v.Explained.Confidence)
		}
		item.Views = append(item.Views, view)
	}
	return item, nil
}

// note says what a reader would not expect of the picture.
func (img explainedImage) note() string {
	var notes []string
	if img.Orientation > 1 {
		notes = append(notes, fmt.Sprintf("The EXIF orientation %d is not applied, as in the paper's pipeline.", img.Orientation))
	}
	if img.Animated {
		notes = append(notes, "First frame of an animation.")
	}
	return strings.Join(notes, " ")
}

// side shows the model's pixels whole: small inputs grow by a whole factor.
func (e explanation) side() int {
	const wanted = 192
	if e.Size > 0 && e.Size < wanted {
		return wanted / e.Size * e.Size
	}
	return 224
}

func (e explanation) subtitle() string {
	var names []string
	for _, m := range e.Models {
		names = append(names, private(m.Source))
	}
	images := fmt.Sprintf("%d images", e.Used)
	if e.Used == 1 {
		images = "One image"
	}
	if len(e.Refused) > 0 {
		images += fmt.Sprintf(" of %d", e.Listed)
	}
	return images + ", explained with " + strings.Join(names, " and ") + "."
}

func (e explanation) reading() string {
	class := "the class that the model predicts"
	if e.Target != "" {
		class = "the class " + e.Target
	}
	return fmt.Sprintf("Left the picture as the model sees it, %d × %d pixels; then what in it speaks for %s. Each map is stretched from its smallest to its largest value: it says where, not how much. Below, the most likely classes with their confidence.", e.Size, e.Size, class)
}

func (e explanation) provenance() []viz.KeyValue {
	var facts []viz.KeyValue
	for _, m := range e.Models {
		facts = append(facts, viz.KeyValue{Key: m.Title, Value: private(m.Source)}, viz.KeyValue{Key: m.Title + ", SHA-256", Value: m.SHA256})
	}
	return append(facts,
		viz.KeyValue{Key: "Protocol", Value: e.Protocol},
		viz.KeyValue{Key: "Images", Value: fmt.Sprintf("%d listed, %d used, %d refused", e.Listed, e.Used, len(e.Refused))})
}
