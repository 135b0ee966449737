package weights

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// headerParser reads the header's JSON token by token. The grammar of a header
// is tiny, and encoding/json is too friendly for it: it takes duplicate keys,
// lone surrogates, `1e3` as a size and fields of any case.
type headerParser struct {
	text string
	at   int
}

// syntaxFault is a parse error with its place in the header.
type syntaxFault struct {
	tensor, field, found, expected string
}

func (s *syntaxFault) Error() string { return s.found }

func (p *headerParser) fail(tensor, field, expected string) error {
	found := "the end of the header"
	if p.at < len(p.text) {
		end := min(p.at+12, len(p.text))
		found = fmt.Sprintf("%s at byte %d of the header", brief(p.text[p.at:end]), p.at)
	}
	return &syntaxFault{tensor, field, found, expected}
}

func (p *headerParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// take skips white space and consumes c if it comes next.
func (p *headerParser) take(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// object calls member for each key of a JSON object, after its colon.
// A key that comes twice is an error: which value counts would depend on the reader.
func (p *headerParser) object(tensor, field string, member func(key string) error) error {
	if !p.take('{') {
		return p.fail(tensor, field, "a JSON object")
	}
	if p.take('}') {
		return nil
	}
	seen := map[string]bool{}
	for {
		key, err := p.str(tensor, field)
		if err != nil {
			return err
		}
		if seen[key] {
			return &syntaxFault{tensor, field, "the key " + brief(key) + " twice", "each key once"}
		}
		seen[key] = true
		if !p.take(':') {
			return p.fail(tensor, field, "a colon after key "+brief(key))
		}
		if err := member(key); err != nil {
			return err
		}
		if p.take('}') {
			return nil
		}
		if !p.take(',') {
			return p.fail(tensor, field, "a comma or the object's end")
		}
	}
}

// str reads a JSON string.
func (p *headerParser) str(tensor, field string) (string, error) {
	if !p.take('"') {
		return "", p.fail(tensor, field, "a string")
	}
	start := p.at
	for p.at < len(p.text) { // fast path: no escapes
		switch c := p.text[p.at]; {
		case c == '"':
			s := p.text[start:p.at]
			p.at++
			return s, nil
		case c == '\\':
			return p.escaped(tensor, field, start)
		case c < 0x20:
			return "", p.fail(tensor, field, "a string without control characters")
		}
		p.at++
	}
	return "", p.fail(tensor, field, "the string's closing quote")
}

// escaped goes on with a string from its first backslash.
func (p *headerParser) escaped(tensor, field string, start int) (string, error) {
	out := []byte(p.text[start:p.at])
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return string(out), nil
		case c < 0x20:
			return "", p.fail(tensor, field, "a string without control characters")
		case c != '\\':
			out = append(out, c)
			p.at++
		default:
			r, ok := p.escape()
			if !ok {
				return "", p.fail(tensor, field, "a valid escape")
			}
			out = utf8.AppendRune(out, r)
		}
	}
	return "", p.fail(tensor, field, "the string's closing quote")
}

// escape reads one escape sequence; a lone surrogate is refused, since two
// different names would otherwise both become U+FFFD.
func (p *headerParser) escape() (rune, bool) {
	if p.at+1 >= len(p.text) {
		return 0, false
	}
	switch c := p.text[p.at+1]; c {
	case '"', '\\', '/':
		p.at += 2
		return rune(c), true
	case 'b', 'f', 'n', 'r', 't':
		p.at += 2
		return map[byte]rune{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[c], true
	case 'u':
		r, ok := p.hex4(p.at + 2)
		if !ok {
			return 0, false
		}
		if !utf16.IsSurrogate(r) {
			p.at += 6
			return r, true
		}
		if p.at+8 > len(p.text) || p.text[p.at+6:p.at+8] != `\u` {
			return 0, false
		}
		low, ok := p.hex4(p.at + 8)
		pair := utf16.DecodeRune(r, low)
		if !ok || pair == utf8.RuneError {
			return 0, false
		}
		p.at += 12
		return pair, true
	}
	return 0, false
}

func (p *headerParser) hex4(at int) (rune, bool) {
	if at+4 > len(p.text) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.text[at : at+4]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// integers reads a JSON array of at most most non-negative integers.
func (p *headerParser) integers(tensor, field string, most int) ([]int64, error) {
	if !p.take('[') {
		return nil, p.fail(tensor, field, "a list of integers")
	}
	list := []int64{}
	if p.take(']') {
		return list, nil
	}
	for {
		if len(list) == most {
			return nil, &syntaxFault{tensor, field, fmt.Sprintf("more than %d values", most), fmt.Sprintf("at most %d", most)}
		}
		n, err := p.integer(tensor, field)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if p.take(']') {
			return list, nil
		}
		if !p.take(',') {
			return nil, p.fail(tensor, field, "a comma or the list's end")
		}
	}
}

// integer reads digits only: no sign, fraction, exponent or leading zero.
func (p *headerParser) integer(tensor, field string) (int64, error) {
	p.space()
	start := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	digits := p.text[start:p.at]
	n, err := strconv.ParseInt(digits, 10, 64)
	wellFormed := err == nil && (len(digits) == 1 || digits[0] != '0')
	if wellFormed && p.at < len(p.text) {
		c := p.text[p.at]
		wellFormed = c != '.' && c != 'e' && c != 'E'
	}
	if !wellFormed {
		p.at = start
		return 0, p.fail(tensor, field, "an integer from 0 to 2^63-1")
	}
	return n, nil
}
