// Package foreign makes text from outside, such as the name of a file or a class,
// safe to look at: on a page, in a terminal and in a spreadsheet.
package foreign

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text spells out what escaping leaves alone: control and format characters
// (terminal escapes, right-to-left override, zero-width marks) and broken UTF-8.
// So a name cannot pose as another one. A line's end becomes a space.
func Text(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case r == '\u200c' || r == '\u200d': // joiners are spelling in several scripts
			b.WriteRune(r)
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || isNonCharacter(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// isNonCharacter tells the code points that XML, and so an SVG image, refuses.
func isNonCharacter(r rune) bool { return r&0xfffe == 0xfffe }

// formula is what a spreadsheet takes for the beginning of one, in its wide
// forms too, at the beginning of a cell: where semicolons divide cells, behind
// one as well.
var formula = regexp.MustCompile(`(^|;)(\s*)([=+\-@＝＋－＠])`)

// Cell is Text for a cell of a CSV file: an apostrophe stands before what a
// spreadsheet would run as a formula. Numbers are no business of this function.
func Cell(s string) string { return formula.ReplaceAllString(Text(s), "$1$2'$3") }
