package viz

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// SeriesColor is the colour of one model or loss in every plot of a page. The
// zero value takes the next of the palette.
type SeriesColor int

const (
	AutoColor SeriesColor = iota
	Blue
	Orange
	Green
	Purple
	Teal
	Red
	Grey // for the original and for controls: what the others are compared with
)

// palette reads on white and on black (contrast 3 to 1 on both, held by a test)
// and keeps its order apart for colour-blind readers.
var palette = [...]string{Blue: "#3b7dd8", Orange: "#d4700f", Green: "#1a9a6c", Purple: "#9162c9", Teal: "#1494a8", Red: "#d64550", Grey: "#858b94"}

// ink is the colour of series i, counted from 0.
func (c SeriesColor) ink(i int) string {
	if c <= AutoColor || int(c) >= len(palette) {
		c = SeriesColor(i%int(Red)) + Blue
	}
	return palette[c]
}

// drawing collects the shapes of one plot.
type drawing struct {
	Width, Height float64
	Alt           string
	Ink           string // colour of text and axes
	Font          string
	Alone         bool // an image of its own rather than an element of the page
	Shapes        []shape
}

type shape struct {
	Tag                    string // line, path, rect, circle, text
	X, Y, X2, Y2, W, H, R  float64
	Path, Text, Tip        string
	Color                  string // of the stroke of lines and paths, else of the filling
	Fill                   string // of a path or marker that is filled
	Opacity                float64
	Stroke, Size, Rotate   float64
	Anchor, Dash, FontBold string
}

func newDrawing(s *sheet, width, height float64, alt string) *drawing {
	d := &drawing{Width: width, Height: height, Alt: clean(alt), Ink: "currentColor", Font: "inherit"}
	if s.notebook {
		d.Ink, d.Font, d.Alone = "#747a83", "Helvetica Neue,Arial,sans-serif", true
	}
	return d
}

// line draws with an opacity of o; 0 counts as 1 everywhere in shapes.
func (d *drawing) line(x1, y1, x2, y2 float64, color string, width, o float64) {
	d.Shapes = append(d.Shapes, shape{Tag: "line", X: x1, Y: y1, X2: x2, Y2: y2, Color: color, Stroke: width, Opacity: o})
}

func (d *drawing) text(x, y float64, anchor, s string, size, o float64) {
	if d.Alone { // a middle grey has no contrast to give away
		o = 1
	}
	d.Shapes = append(d.Shapes, shape{Tag: "text", X: x, Y: y, Anchor: anchor, Text: clean(s), Size: size, Opacity: o, Color: d.Ink})
}

func (d *drawing) add(s shape) { d.Shapes = append(d.Shapes, s) }

// coordinate writes pixels with one digit: smaller than anyone sees, and files stay small.
func coordinate(v float64) string {
	if !finite(v) {
		return "0"
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

func point(x, y float64) string { return coordinate(x) + " " + coordinate(y) }

var svgTemplate = template.Must(template.New("plot").Funcs(template.FuncMap{
	"px": coordinate,
	"o": func(o float64) string {
		if o == 0 {
			return "1"
		}
		return strconv.FormatFloat(o, 'f', -1, 64)
	},
}).Parse(`<svg xmlns="http://www.w3.org/2000/svg" class="viz-plot" viewBox="0 0 {{px .Width}} {{px .Height}}" width="{{px .Width}}" height="{{px .Height}}" role="img" aria-label="{{.Alt}}" font-family="{{.Font}}" font-size="12">
{{- range .Shapes}}
{{if eq .Tag "line"}}<line x1="{{px .X}}" y1="{{px .Y}}" x2="{{px .X2}}" y2="{{px .Y2}}" stroke="{{.Color}}" stroke-width="{{px .Stroke}}" stroke-opacity="{{o .Opacity}}"{{with .Dash}} stroke-dasharray="{{.}}"{{end}}/>
{{- else if eq .Tag "rect"}}<rect x="{{px .X}}" y="{{px .Y}}" width="{{px .W}}" height="{{px .H}}" rx="{{px .R}}" fill="{{.Color}}" fill-opacity="{{o .Opacity}}">{{with .Tip}}<title>{{.}}</title>{{end}}</rect>
{{- else if eq .Tag "path"}}<path d="{{.Path}}" fill="{{or .Fill "none"}}" fill-opacity="{{o .Opacity}}" stroke="{{or .Color "none"}}" stroke-width="{{px .Stroke}}" stroke-linejoin="round" stroke-linecap="round"{{with .Dash}} stroke-dasharray="{{.}}"{{end}}>{{with .Tip}}<title>{{.}}</title>{{end}}</path>
{{- else}}<text x="{{px .X}}" y="{{px .Y}}" text-anchor="{{.Anchor}}" font-size="{{px .Size}}" fill="{{.Color}}" fill-opacity="{{o .Opacity}}"{{with .FontBold}} font-weight="{{.}}"{{end}}{{if .Rotate}} transform="rotate({{px .Rotate}} {{px .X}} {{px .Y}})"{{end}}>{{.Text}}</text>
{{- end}}{{end}}
</svg>`))

var plotTemplate = parse("plot figure", `<figure class="viz-figure" style="margin:0 0 18px">{{with .Title}}<div class="viz-title" style="font-weight:bold;font-size:13px;margin:0 0 4px">{{. | text}}</div>{{end}}<div class="viz-scroll" style="overflow-x:auto">{{if .Source}}<img src="{{.Source}}" alt="{{.Alt}}" width="{{.Width}}" style="max-width:100%">{{else}}{{.SVG}}{{end}}</div>{{with .Caption}}<figcaption style="font-size:13px;opacity:0.8;max-width:720px">{{. | text}}</figcaption>{{end}}</figure>`)

// figure ends a drawing: an element of the page, or an image where elements may
// be stripped.
func (d *drawing) figure(title, caption string) (template.HTML, error) {
	svg, err := execute(svgTemplate, d)
	if err != nil {
		return "", err
	}
	view := struct {
		Title, Caption, Alt string
		SVG                 template.HTML
		Source              template.URL
		Width               int
	}{title, caption, d.Alt, svg, "", int(d.Width)}
	if d.Alone {
		view.Source = dataURL("image/svg+xml", []byte(svg))
	}
	return execute(plotTemplate, view)
}

// textWidth estimates the width of a label: good enough for margins.
func textWidth(s string, size float64) float64 {
	var w float64
	for _, r := range s {
		switch {
		case strings.ContainsRune("iljtfrI.,:;'|! ()[]", r):
			w += 0.33
		case strings.ContainsRune("mwMW@%—", r):
			w += 0.86
		case r > 0x2e80: // East Asian
			w += 1
		default:
			w += 0.57
		}
	}
	return w * size
}

// marker is the outline of a small shape around a point; its form tells series
// apart without colour.
func marker(form int, x, y, r float64) string {
	switch form % 4 {
	case 1:
		return fmt.Sprintf("M%sh%sv%sh%sz", point(x-r*.9, y-r*.9), coordinate(1.8*r), coordinate(1.8*r), coordinate(-1.8*r))
	case 2:
		k := r * 1.3
		return "M" + point(x, y-k) + "L" + point(x+k, y) + "L" + point(x, y+k) + "L" + point(x-k, y) + "z"
	case 3:
		return "M" + point(x, y-1.2*r) + "L" + point(x+1.1*r, y+.8*r) + "L" + point(x-1.1*r, y+.8*r) + "z"
	}
	a := coordinate(r)
	return fmt.Sprintf("M%sa%s %s 0 1 0 %s 0a%s %s 0 1 0 %s 0z", point(x-r, y), a, a, coordinate(2*r), a, a, coordinate(-2*r))
}
