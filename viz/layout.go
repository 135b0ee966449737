package viz

import (
	"fmt"
	"html/template"
	"image"
)

// Row puts fragments side by side where the page is wide enough.
type Row []Fragment

var rowTemplate = parse("row", `<div class="viz-row">{{range .}}<div class="viz-col" style="display:inline-block;vertical-align:top;margin:0 24px 0 0;max-width:100%">{{.}}</div>{{end}}</div>`)

func (r Row) html(s *sheet) (template.HTML, error) {
	var parts []template.HTML
	for i, f := range r {
		if f == nil {
			continue
		}
		part, err := f.html(s)
		if err != nil {
			return "", fmt.Errorf("column %d (%T): %w", i+1, f, err)
		}
		parts = append(parts, part)
	}
	return execute(rowTemplate, parts)
}

// Details hides fragments behind a line that opens with a click, without script.
type Details struct {
	Summary   string
	Open      bool
	Fragments []Fragment
}

var detailsTemplate = parse("details", `<details class="viz-details" style="margin:0 0 14px"{{if .Open}} open{{end}}><summary style="margin:0 0 8px">{{.Summary | text}}</summary>{{.Body}}</details>`)

func (d Details) html(s *sheet) (template.HTML, error) {
	body, err := joinFragments(s, d.Fragments)
	if err != nil {
		return "", err
	}
	return execute(detailsTemplate, struct {
		Summary string
		Open    bool
		Body    template.HTML
	}{d.Summary, d.Open, body})
}

// Figure is any picture with a caption. It is re-encoded; Photo chooses JPEG.
type Figure struct {
	Image   image.Image
	Caption string
	Alt     string // what the picture shows, for those who do not see it
	Width   int    // shown width in pixels, 0 = its own
	Photo   bool
}

var figureTemplate = parse("figure", `<figure class="viz-figure" style="margin:0 0 16px"><img src="{{.Source}}" alt="{{.Alt | text}}" width="{{.Width}}" style="max-width:100%">{{with .Caption}}<figcaption style="font-size:13px;opacity:0.8;max-width:720px">{{. | text}}</figcaption>{{end}}</figure>`)

func (f Figure) html(*sheet) (template.HTML, error) {
	if f.Image == nil || f.Image.Bounds().Empty() {
		return "", fmt.Errorf("figure %q has no picture", f.Caption)
	}
	if b := f.Image.Bounds(); b.Dx() > 2*maxSide || b.Dy() > 2*maxSide {
		return "", fmt.Errorf("figure %q: picture of %d x %d, expected at most %d a side: reduce it first", f.Caption, b.Dx(), b.Dy(), 2*maxSide)
	}
	source, err := inlineImage(f.Image, f.Photo)
	if err != nil {
		return "", err
	}
	width := f.Width
	if width <= 0 {
		width = f.Image.Bounds().Dx()
	}
	alt := f.Alt
	if alt == "" {
		alt = f.Caption
	}
	return execute(figureTemplate, struct {
		Source       template.URL
		Alt, Caption string
		Width        int
	}{source, alt, f.Caption, width})
}

// ColorBar is the legend of a colour scale with the numbers at its ends.
type ColorBar struct {
	Colors    ColorMap
	Low, High string // text at the ends: numbers, or "low" and "high"
	Label     string
}

var colorBarTemplate = parse("colour bar", `<div class="viz-colorbar" style="font-size:12px;margin:0 0 10px">{{with .Label}}<span style="opacity:0.8">{{. | text}}</span> &ensp;{{end}}<span>{{.Low | text}}</span> <img src="{{.Source}}" alt="{{.Colors}} colour scale" width="160" height="10" style="vertical-align:middle;border-radius:2px"> <span>{{.High | text}}</span></div>`)

func (c ColorBar) html(*sheet) (template.HTML, error) {
	const width, height = 160, 10 // as shown: notebooks scale by the picture's own ratio
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.SetRGBA(i%width, i/width, c.Colors.At(float64(i%width)/(width-1)))
	}
	source, err := inlineImage(img, false)
	if err != nil {
		return "", err
	}
	return execute(colorBarTemplate, struct {
		ColorBar
		Source template.URL
	}{c, source})
}
