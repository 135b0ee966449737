package viz

import (
	"fmt"
	"html/template"
)

// RunCard is one run in a list of runs: what it is, how far it came, and the
// piece of its result that says most.
type RunCard struct {
	Kind       string // "main job"
	Title      string
	Path       string // of its page, relative to this one; "" where it has none
	Unfinished bool
	State      string   // "finished", "stopped at step 40 of 750"
	Facts      []string // one paragraph each: what it ran on
	Fragments  []Fragment
}

var runCardTemplate = parse("run card", `<div class="viz-run" style="border:1px solid rgba(128,128,128,0.35);border-radius:6px;padding:14px 18px 2px;margin:0 0 20px"><div style="font-size:12px;margin:0 0 2px"><span style="opacity:0.7">{{.Kind | text}}</span> &ensp;{{if .Unfinished}}<span class="viz-partly" style="color:#b3730a">◐ {{.State | text}}</span>{{else}}<span class="viz-up" style="color:#17875f">✓ {{.State | text}}</span>{{end}}</div>
<div class="viz-title" style="font-weight:bold;font-size:17px;line-height:1.3;margin:0 0 6px;word-break:break-word">{{if .Address}}<a href="{{.Address}}">{{.Title | text}}</a>{{else}}{{.Title | text}}{{end}}</div>
{{range .Facts}}<p style="margin:0 0 8px;max-width:760px;opacity:0.85;word-break:break-word">{{. | text}}</p>{{end}}
{{.Body}}</div>`)

func (c RunCard) html(s *sheet) (template.HTML, error) {
	view := struct {
		RunCard
		Address template.URL
		Body    template.HTML
	}{RunCard: c}
	var err error
	if c.Path != "" {
		if view.Address, err = relativeAddress(c.Path); err != nil {
			return "", fmt.Errorf("run %q: %w", clean(c.Title), err)
		}
	}
	if view.Body, err = joinFragments(s, c.Fragments); err != nil {
		return "", fmt.Errorf("run %q: %w", clean(c.Title), err)
	}
	return execute(runCardTemplate, view)
}
