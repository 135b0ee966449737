package viz

import (
	"html/template"
)

// Prediction is one class with the confidence the model gives it, 0 to 1.
type Prediction struct {
	Class      string
	Confidence float64
}

// Predictions lists what a model says about one picture, most confident first.
// The entry that equals Truth carries a tick, a wrong first one a cross.
type Predictions struct {
	Title string
	Truth string // empty: not known, nothing is marked
	Top   []Prediction
	Width int // pixels, 0 = 192
}

const (
	rightMark = "✓"
	wrongMark = "✗"
)

var predictionsTemplate = parse("predictions", `<div class="viz-predictions" style="width:{{.Width}}px;max-width:100%;font-size:12px;line-height:1.35">{{with .Title}}<div style="font-weight:bold">{{. | text}}</div>{{end}}
{{range .Lines}}<div style="position:relative;margin:3px 0 0"><div class="viz-line" style="overflow:hidden;white-space:nowrap;text-overflow:ellipsis;padding-right:40px;font-weight:{{if .Mark}}bold{{else}}normal{{end}}" title="{{.Class | text}}">{{with .Mark}}<span class="{{$.MarkClass .}}" style="color:{{$.MarkColor .}}">{{.}}</span> {{end}}{{.Class | text}}</div><div style="position:absolute;right:0;top:0;font-variant-numeric:tabular-nums">{{.Percent}}</div><div style="height:4px;border-radius:2px;background-color:rgba(128,128,128,0.2)"><div style="height:4px;border-radius:2px;width:{{.Share}}%;background-color:{{if .Mark}}{{$.MarkColor .Mark}}{{else}}#858b94{{end}}"></div></div></div>
{{end}}</div>`)

type predictionLine struct {
	Class, Mark, Percent string
	Share                int
}

type predictionsView struct {
	Title string
	Width int
	Lines []predictionLine
}

func (predictionsView) trend(mark string) Trend {
	if mark == rightMark {
		return Rose
	}
	return Fell
}

// MarkColor and MarkClass are for the template.
func (v predictionsView) MarkColor(mark string) string { return v.trend(mark).Color() }
func (v predictionsView) MarkClass(mark string) string { return v.trend(mark).Class() }

func (p Predictions) html(*sheet) (template.HTML, error) {
	view := predictionsView{Title: p.Title, Width: p.Width}
	if view.Width <= 0 {
		view.Width = defaultSide
	}
	for i, top := range p.Top {
		line := predictionLine{Class: top.Class, Percent: missingText}
		if finite(top.Confidence) {
			share := min(max(top.Confidence, 0), 1)
			line.Percent, line.Share = number(100*share, 0)+" %", int(100*share+0.5)
		}
		switch {
		case p.Truth == "":
		case top.Class == p.Truth:
			line.Mark = rightMark
		case i == 0:
			line.Mark = wrongMark
		}
		view.Lines = append(view.Lines, line)
	}
	return execute(predictionsTemplate, view)
}
