package viz

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
)

// Link leads from a page to a file or folder beside it.
type Link struct {
	Text string
	Path string // relative to the page, with slashes: "points/a/report.html", "../index.html"
	Note string // behind the link, in words
}

// Links is a line of links. A page links only to what lies beside it on the
// same disk: a path with a scheme, a host or a root is an error.
type Links []Link

var linksTemplate = parse("links", `<p class="viz-links" style="margin:0 0 12px">{{range $i, $l := .}}{{if $i}} &ensp; {{end}}<a href="{{.Address}}">{{.Text | text}}</a>{{with .Note}} <span style="opacity:0.7">{{. | text}}</span>{{end}}{{end}}</p>`)

type linkView struct {
	Link
	Address template.URL
}

func (l Links) html(*sheet) (template.HTML, error) {
	var views []linkView
	for _, link := range l {
		address, err := relativeAddress(link.Path)
		if err != nil {
			return "", fmt.Errorf("link %q: %w", link.Text, err)
		}
		views = append(views, linkView{link, address})
	}
	if views == nil {
		return "", nil
	}
	return execute(linksTemplate, views)
}

// relativeAddress is the path as the address of a link that works from a file
// and cannot lead elsewhere: the characters of other syntaxes are escaped, those
// that nobody sees too. A folder may be called anything.
func relativeAddress(path string) (template.URL, error) {
	if path == "" || strings.HasPrefix(path, "/") {
		return "", fmt.Errorf("path %q, expected one relative to the page, with slashes", clean(path))
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	// "./" before a name with a colon: else its beginning reads as a scheme.
	return template.URL("./" + strings.Join(parts, "/")), nil
}
