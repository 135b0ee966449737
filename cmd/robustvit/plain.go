package main

import (
	"io"
	"regexp"
	"strings"

	"github.com/robustvit/workbench/internal/foreign"
)

// plain makes text that may hold names of files, classes and tensors safe for a
// terminal, line by line.
func plain(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = foreign.Text(line)
	}
	return strings.Join(lines, "\n")
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
