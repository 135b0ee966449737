package viz

import (
	"fmt"
	"html/template"
)

// Gallery shows pictures with the relevance maps of one or more models side by
// side: before and after, as in the paper's Figures 2 and 3. It shows as many
// items as its byte limit allows, in pages that open without script, and says
// how many it left out.
type Gallery struct {
	Title    string
	Lead     string
	Items    []GalleryItem
	Maps     string // what the maps show, in the legend; "" = relevance
	Total    int    // how many there are in all, if Items is a choice; 0 = len(Items)
	Colors   ColorMap
	Blend    Blend
	Scale    Scale
	Low      float32 // with FixedScale
	High     float32
	Side     int // longer side of a picture in pixels, 0 = 128
	Top      int // predictions under each map, 0 = 3
	PageSize int // items before the rest is folded away, 0 = 24
	MaxBytes int // 0 = 5 MB
}

// GalleryItem is one picture with what each model makes of it.
type GalleryItem struct {
	ID      string
	Truth   string // its class
	Picture Picture
	Mask    *Map // its border is drawn on the picture
	Views   []View
	Note    string
}

// View is what one model makes of a picture.
type View struct {
	Name      string // "before", "after", "control"
	Relevance *Map   // nil: only predictions, or Mask
	Mask      *Map   // instead of a map: the picture cut out along this mask
	Top       []Prediction
	Note      string // "43 % of the relevance on the object"
}

// Scale says which maps share their colours.
type Scale int

const (
	// OwnScale stretches each map from its smallest to its largest value, as the
	// method does. Heights of two maps cannot be compared.
	OwnScale Scale = iota
	// ItemScale is common to all maps of one picture.
	ItemScale
	// SharedScale is common to all maps of the gallery.
	SharedScale
	// FixedScale takes Low and High.
	FixedScale
)

const (
	defaultGalleryBytes = CellBytes
	pageOverhead        = 2000 // title, colour bar and closing words
)

func (g Gallery) html(s *sheet) (template.HTML, error) {
	limit := g.MaxBytes
	if limit <= 0 {
		limit = defaultGalleryBytes
	}
	limit = min(limit, s.left) - pageOverhead
	pageSize := g.PageSize
	if pageSize <= 0 {
		pageSize = 24
	}
	if g.Scale == SharedScale {
		g.Low, g.High, _ = g.span(g.Items)
	}
	var pages []galleryPage
	size, shown := 0, 0
	for i, item := range g.Items {
		card, err := g.card(item)
		if err != nil {
			return "", fmt.Errorf("gallery %q, picture %d %q: %w", g.Title, i+1, item.ID, err)
		}
		if size+len(card) > limit {
			break
		}
		size, shown = size+len(card), shown+1
		if i%pageSize == 0 {
			pages = append(pages, galleryPage{First: i + 1})
		}
		last := &pages[len(pages)-1]
		last.Last = i + 1
		last.Cards = append(last.Cards, card)
	}
	s.left -= size + pageOverhead
	return g.assemble(s, pages, shown)
}

type galleryPage struct {
	First, Last int
	Cards       []template.HTML
}

var galleryTemplate = parse("gallery", `<div class="viz-gallery" style="margin:0 0 20px">{{with .Title}}<div class="viz-title" style="font-weight:bold;font-size:14px;margin:0 0 2px">{{. | text}}</div>{{end}}{{with .Lead}}<p class="viz-prose" style="margin:0 0 8px;max-width:720px">{{. | text}}</p>{{end}}{{.Bar}}
{{range $i, $page := .Pages}}{{if $i}}<details class="viz-details" style="margin:0 0 10px"><summary>{{.First}} to {{.Last}} of {{$.Total}}</summary>{{end}}<div class="viz-cards">{{range .Cards}}{{.}}
{{end}}</div>{{if $i}}</details>{{end}}
{{end}}{{with .Words}}<p class="viz-tablenote" style="font-size:12px;opacity:0.75;margin:4px 0 0">{{.}}</p>{{end}}</div>`)

func (g Gallery) assemble(s *sheet, pages []galleryPage, shown int) (template.HTML, error) {
	total := max(g.Total, len(g.Items))
	var words string
	switch {
	case total == 0:
		words = "No pictures."
	case shown < len(g.Items):
		words = fmt.Sprintf("Shown: %d of %d. Left out to bound the size of the page: %d.", shown, total, total-shown)
	case shown < total:
		words = fmt.Sprintf("Shown: %d of %d.", shown, total)
	}
	bar, err := g.bar(s)
	if err != nil {
		return "", err
	}
	return execute(galleryTemplate, struct {
		Title, Lead, Words string
		Bar                template.HTML
		Pages              []galleryPage
		Total              int
	}{g.Title, g.Lead, words, bar, pages, total})
}

// bar is the legend of the colours; a gallery without maps needs none.
func (g Gallery) bar(s *sheet) (template.HTML, error) {
	if _, _, any := g.span(g.Items); !any {
		return "", nil
	}
	bar := ColorBar{Colors: g.Colors, Low: "low", High: "high", Label: g.maps() + ", each map on its own scale"}
	switch g.Scale {
	case ItemScale:
		bar.Label = g.maps() + ", one scale for each picture"
	case SharedScale:
		bar.Low, bar.High, bar.Label = short(float64(g.Low)), short(float64(g.High)), g.maps()+", one scale for all"
	case FixedScale:
		bar.Low, bar.High, bar.Label = short(float64(g.Low)), short(float64(g.High)), g.maps()
	}
	return bar.html(s)
}

func (g Gallery) maps() string {
	if g.Maps == "" {
		return "relevance"
	}
	return g.Maps
}

// span is the common range of all maps of the items.
func (g Gallery) span(items []GalleryItem) (low, high float32, any bool) {
	for _, item := range items {
		for _, v := range item.Views {
			if v.Relevance == nil {
				continue
			}
			l, h := v.Relevance.Range()
			if !any {
				low, high, any = l, h, true
			}
			low, high = min(low, l), max(high, h)
		}
	}
	return low, high, any
}

// options are those of one map of an item.
func (g Gallery) options(item GalleryItem) HeatmapOptions {
	o := HeatmapOptions{Colors: g.Colors, Blend: g.Blend, Side: g.side()}
	switch g.Scale {
	case ItemScale:
		o.Low, o.High, _ = g.span([]GalleryItem{item})
	case SharedScale, FixedScale:
		o.Low, o.High = g.Low, g.High
	}
	return o
}

func (g Gallery) side() int {
	if g.Side <= 0 {
		return 128
	}
	return min(g.Side, maxSide)
}
