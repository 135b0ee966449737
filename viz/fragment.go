package viz

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
)

// Fragment is a piece of a page. The interface is sealed: fragments are the
// values of this package, so all text in a page was escaped and every image
// encoded here.
type Fragment interface {
	html(s *sheet) (template.HTML, error)
}

// sheet is what a fragment is drawn for.
type sheet struct {
	// notebook: no style sheet, SVG elements may be stripped, colours must read
	// on a light and on a dark theme that cannot be asked for.
	notebook bool
	// left is how many bytes pictures with maps may still add to this page.
	left int
}

const defaultPageBytes = 25 << 20

// WriteFragment writes f as HTML that needs no style sheet, for notebooks and
// for pages of others. What it writes survives JupyterLab's sanitiser.
func WriteFragment(w io.Writer, f Fragment) error {
	html, err := HTML(f)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, html); err != nil {
		return fmt.Errorf("viz: write fragment: %w", err)
	}
	return nil
}

// HTML is WriteFragment into a string, as display functions of notebooks take
// it. Pictures beyond CellBytes are left out, and their number is said.
func HTML(f Fragment) (string, error) { return HTMLWithin(f, CellBytes) }

// CellBytes is what the pictures of one cell may take: a notebook is opened whole.
const CellBytes = 5_000_000

// HTMLWithin is HTML with so many bytes for pictures.
func HTMLWithin(f Fragment, bytes int) (string, error) {
	if f == nil {
		return "", nil
	}
	html, err := f.html(&sheet{notebook: true, left: bytes})
	if err != nil {
		return "", fmt.Errorf("viz: %w", err)
	}
	return `<div class="viz" style="font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:1.45;max-width:1080px">` + string(html) + `</div>`, nil
}

// joinFragments draws fragments one below the other; nil ones are skipped so that
// callers can leave out what they do not have.
func joinFragments(s *sheet, fragments []Fragment) (template.HTML, error) {
	var b bytes.Buffer
	for i, f := range fragments {
		if f == nil {
			continue
		}
		html, err := f.html(s)
		if err != nil {
			return "", fmt.Errorf("fragment %d (%T): %w", i+1, f, err)
		}
		b.WriteString(string(html))
		b.WriteByte('\n')
	}
	return template.HTML(b.String()), nil
}

// parse compiles a template of this package: a fault in one is a fault of ours
// and shows in the first test.
func parse(name, text string) *template.Template {
	return template.Must(template.New(name).Funcs(template.FuncMap{
		"text": clean, "number": number, "signed": signed, "short": short,
	}).Parse(text))
}

func execute(t *template.Template, data any) (template.HTML, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("draw %s: %w", t.Name(), err)
	}
	return template.HTML(b.String()), nil
}
