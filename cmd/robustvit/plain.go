package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes text of unknown origin (names of files, classes and tensors) safe
// for a terminal: what would move the cursor, turn the direction of writing or
// is no UTF-8 is written as an escape.
func plain(text string) string {
	if !strings.ContainsFunc(text, unsafeRune) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "\\x%02x", text[0])
		case unsafeRune(r):
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
		text = text[size:]
	}
	return b.String()
}

func unsafeRune(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}

// colours is what tables write for a terminal.
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plainWriter is plain for what a command prints; colours pass.
type plainWriter struct{ io.Writer }

func (p plainWriter) Write(text []byte) (int, error) {
	var b strings.Builder
	at := 0
	for _, found := range colours.FindAllIndex(text, -1) {
		b.WriteString(plain(string(text[at:found[0]])))
		b.Write(text[found[0]:found[1]])
		at = found[1]
	}
	b.WriteString(plain(string(text[at:])))
	if _, err := io.WriteString(p.Writer, b.String()); err != nil {
		return 0, err
	}
	return len(text), nil
}
