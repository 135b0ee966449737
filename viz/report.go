package viz

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// Report is one self-contained page.
type Report struct {
	Title      string
	Subtitle   string
	Lead       []Fragment // before the first section: the numbers and sentences to take home
	Sections   []Section
	Provenance []KeyValue // at the foot: run, weights, backend, versions, seeds
	MaxBytes   int        // what galleries may add in all, 0 = 25 MB
}

// Section is one part of a report, listed in its table of contents.
type Section struct {
	Title     string
	Lead      string // one or two sentences below the title
	Fragments []Fragment
}

// WriteReport writes the page to w: HTML with its style sheet, pictures and plots
// inside, no script, nothing from the network, and a policy that forbids both.
// Nothing is written unless the whole page could be drawn; the error names the
// section and what in it does not fit.
func WriteReport(w io.Writer, r Report) error {
	page, err := r.page()
	if err != nil {
		return fmt.Errorf("viz: report %q: %w", r.Title, err)
	}
	if _, err := w.Write(page); err != nil {
		return fmt.Errorf("viz: write report %q: %w", r.Title, err)
	}
	return nil
}

type reportSection struct {
	ID, Title, Lead string
	Body            template.HTML
}

func (r Report) page() ([]byte, error) {
	s := &sheet{left: r.MaxBytes}
	if s.left <= 0 {
		s.left = defaultPageBytes
	}
	lead, err := joinFragments(s, r.Lead)
	if err != nil {
		return nil, err
	}
	view := struct {
		Title, Subtitle string
		Policy          string
		Style           template.CSS
		Lead            template.HTML
		Sections        []reportSection
		Foot            template.HTML
	}{Title: r.Title, Subtitle: r.Subtitle, Policy: contentPolicy, Style: reportStyle, Lead: lead}
	for i, section := range r.Sections {
		body, err := joinFragments(s, section.Fragments)
		if err != nil {
			return nil, fmt.Errorf("section %q: %w", section.Title, err)
		}
		view.Sections = append(view.Sections, reportSection{fmt.Sprintf("s%d", i+1), section.Title, section.Lead, body})
	}
	if len(r.Provenance) > 0 {
		if view.Foot, err = KeyValues(r.Provenance).html(s); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := reportTemplate.Execute(&b, view); err != nil {
		return nil, fmt.Errorf("draw page: %w", err)
	}
	return b.Bytes(), nil
}

// contentPolicy forbids what a page of ours never needs: script, network, frames,
// forms. It holds even where a fault of ours would let markup through.
const contentPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

var reportTemplate = parse("report", strings.TrimSpace(`
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{.Title | text}}</title>
<style>{{.Style}}</style>
</head>
<body{{if gt (len .Sections) 1}} class="viz-contents"{{end}}>
<header class="viz-head"><h1>{{.Title | text}}</h1>{{with .Subtitle}}<p class="viz-subtitle">{{. | text}}</p>{{end}}</header>
<div class="viz-body">
{{if gt (len .Sections) 1}}<nav class="viz-toc" aria-label="Contents"><ol>{{range .Sections}}<li><a href="#{{.ID}}">{{.Title | text}}</a></li>{{end}}</ol></nav>{{end}}
<main class="viz">
{{with .Lead}}<section class="viz-lead" aria-label="Summary">{{.}}</section>{{end}}
{{range .Sections}}<section id="{{.ID}}" aria-labelledby="{{.ID}}t"><h2 id="{{.ID}}t">{{.Title | text}}</h2>
{{with .Lead}}<p class="viz-sectionlead">{{. | text}}</p>{{end}}
{{.Body}}</section>
{{end}}</main>
</div>
{{with .Foot}}<footer class="viz-foot"><h2>Provenance</h2>{{.}}</footer>{{end}}
</body>
</html>
`)+"\n")
