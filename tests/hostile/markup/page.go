package markup

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Skeleton lists the elements of a page in order with the names of their
// attributes, and its comments; the drawings inside images count too. Names
// alone differ between two pages of one skeleton.
func Skeleton(page string) ([]string, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			out = append(out, "comment")
		}
		if n.Type != html.ElementNode {
			continue
		}
		line := n.Data
		for _, a := range n.Attr {
			if a.Key != "transform" { // long names below bars are tilted
				line += " " + a.Key
			}
			if svg, ok := strings.CutPrefix(a.Val, "data:image/svg+xml;base64,"); ok {
				inner, err := svgSkeleton(svg)
				if err != nil {
					return nil, err
				}
				out = append(out, inner...)
			}
		}
		out = append(out, line)
	}
	return out, nil
}

func svgSkeleton(encoded string) (out []string, err error) {
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, err
	}
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("drawing is not well-formed: %w\n%.600q", err, b)
		}
		if e, ok := token.(xml.StartElement); ok {
			line := "image/" + e.Name.Local
			for _, a := range e.Attr {
				if a.Name.Local != "transform" {
					line += " " + a.Name.Local
				}
			}
			out = append(out, line)
		}
	}
}

// Words is the text of a page as a reader has it: what stands between the
// elements, and what they show by their attributes.
func Words(page string) (string, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return "", err
	}
	var words strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			words.WriteString(n.Data + "\n")
		}
		for _, a := range n.Attr {
			if a.Key == "alt" || a.Key == "title" {
				words.WriteString(a.Val + "\n")
			}
		}
	}
	return words.String(), nil
}

// Hidden is the place of the first control or direction character or broken
// byte of a page, which no escaping touches and nobody sees; -1 where there is none.
func Hidden(page string) int {
	for at, r := range page {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(page[at:]); size == 1 {
				return at
			}
		}
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x200b && r <= 0x200f && r != 0x200c && r != 0x200d ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return at
		}
	}
	return -1
}
