package viz

import (
	"html/template"
)

// Prose is text, one paragraph each.
type Prose []string

var proseTemplate = parse("prose", `{{range .}}<p class="viz-prose" style="margin:0 0 10px;max-width:720px">{{. | text}}</p>
{{end}}`)

func (p Prose) html(*sheet) (template.HTML, error) { return execute(proseTemplate, []string(p)) }

// Trend says where a value went. Every trend has its own mark besides its
// colour, so that it reads without colour vision.
type Trend int

const (
	NoTrend   Trend = iota
	Rose            // better
	Fell            // worse
	Unchanged       // within the noise
)

func (t Trend) Mark() string { return [...]string{"", "▲", "▼", "≈"}[t.valid()] }

func (t Trend) Class() string {
	return [...]string{"viz-none", "viz-up", "viz-down", "viz-same"}[t.valid()]
}

// Color is a tone that reads on light and on dark; the style sheet of a report
// replaces it by one for its scheme.
func (t Trend) Color() string {
	return [...]string{"inherit", "#17875f", "#cf4450", "#7c828a"}[t.valid()]
}

func (t Trend) valid() Trend {
	if t < NoTrend || t > Unchanged {
		return NoTrend
	}
	return t
}

// Verdict is one plain sentence about a result.
type Verdict struct {
	Trend Trend
	Text  string
}

// Verdicts is the list of sentences that a reader takes home.
type Verdicts []Verdict

var verdictsTemplate = parse("verdicts", `<ul class="viz-verdicts" style="list-style:none;margin:0 0 14px;padding:0;max-width:760px">
{{range .}}<li style="margin:0 0 7px;padding:0 0 0 26px;position:relative"><span class="{{.Trend.Class}}" style="position:absolute;left:3px;color:{{.Trend.Color}}">{{with .Trend.Mark}}{{.}}{{else}}•{{end}}</span>{{.Text | text}}</li>
{{end}}</ul>`)

func (v Verdicts) html(*sheet) (template.HTML, error) {
	return execute(verdictsTemplate, []Verdict(v))
}

// Tone is the weight of a callout.
type Tone int

const (
	Note Tone = iota
	Good
	Warning
)

func (t Tone) Class() string { return [...]string{"viz-note", "viz-good", "viz-warning"}[t.valid()] }

func (t Tone) Color() string { return [...]string{"#3b7dd8", "#1a9a6c", "#d4700f"}[t.valid()] }

func (t Tone) valid() Tone {
	if t < Note || t > Warning {
		return Note
	}
	return t
}

// Callout sets a remark apart: a limit, a deviation, a hint.
type Callout struct {
	Tone  Tone
	Title string
	Text  []string // paragraphs
}

var calloutTemplate = parse("callout", `<div class="viz-callout {{.Tone.Class}}" style="border-left:3px solid {{.Tone.Color}};padding:8px 14px;margin:0 0 16px;max-width:720px;background-color:rgba(128,128,128,0.08)">
{{with .Title}}<p style="margin:0 0 4px"><strong>{{. | text}}</strong></p>{{end}}
{{range .Text}}<p style="margin:0 0 4px">{{. | text}}</p>{{end}}</div>`)

func (c Callout) html(*sheet) (template.HTML, error) { return execute(calloutTemplate, c) }

// KeyValue is one named fact.
type KeyValue struct{ Key, Value string }

// KeyValues is a list of facts: a configuration, versions, provenance.
type KeyValues []KeyValue

var keyValuesTemplate = parse("key values", `<table class="viz-facts" style="border-collapse:collapse;margin:0 0 16px;border:0"><tbody>
{{range .}}<tr style="background-color:transparent"><th scope="row" style="text-align:left;font-weight:normal;padding:2px 24px 2px 0;vertical-align:top;white-space:nowrap;opacity:0.7">{{.Key | text}}</th><td style="text-align:left;padding:2px 0;word-break:break-all">{{.Value | text}}</td></tr>
{{end}}</tbody></table>`)

func (k KeyValues) html(*sheet) (template.HTML, error) {
	return execute(keyValuesTemplate, []KeyValue(k))
}

// Stat is one large number with what it means.
type Stat struct {
	Label  string
	Value  string
	Detail string // smaller, below: the interval, the value before
	Trend  Trend
}

// Stats is a row of the numbers to see first.
type Stats []Stat

var statsTemplate = parse("stats", `<div class="viz-stats" style="margin:0 0 18px">
{{range .}}<div class="viz-stat" style="display:inline-block;vertical-align:top;min-width:130px;margin:0 36px 12px 0">
<div class="viz-stat-label" style="font-size:12px;opacity:0.7">{{.Label | text}}</div>
<div class="viz-stat-value {{.Trend.Class}}" style="font-size:28px;line-height:1.25;color:{{.Trend.Color}}">{{with .Trend.Mark}}<span style="font-size:16px">{{.}}</span> {{end}}{{.Value | text}}</div>
{{with .Detail}}<div class="viz-stat-detail" style="font-size:12px;opacity:0.7">{{. | text}}</div>{{end}}</div>
{{end}}</div>`)

func (x Stats) html(*sheet) (template.HTML, error) { return execute(statsTemplate, []Stat(x)) }
