package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxArrayHeader bounds the text that describes one array; NumPy's own is 128 bytes.
const maxArrayHeader = 1 << 16

// unfit is a fault inside one array, which its reader completes with file and name.
func unfit(found, expected string) error { return &Fault{Found: found, Expected: expected} }

// arrayHeader is what the first bytes of a .npy array say.
type arrayHeader struct {
	dtype   DType
	shape   []int
	fortran bool  // first axis fastest
	length  int64 // of the header itself, data follows
}

const arrayMagic = "\x93NUMPY"

// arrayTypes are the element types that are read, as NumPy spells them. JAX
// stores bfloat16, which NumPy does not know, as two raw bytes.
var arrayTypes = map[string]DType{
	"<f8": F64, "<f4": F32, "<f2": F16, "|V2": BF16, "<i8": I64, "<i4": I32, "|u1": U8,
}

// readArrayHeader reads the header of an array (.npy, versions 1 to 3).
func readArrayHeader(r io.Reader) (arrayHeader, error) {
	var h arrayHeader
	start := make([]byte, 8)
	if _, err := io.ReadFull(r, start); err != nil {
		return h, unfit(fmt.Sprintf("%v within the first 8 bytes", err), "a NumPy array")
	}
	if !bytes.HasPrefix(start, []byte(arrayMagic)) {
		return h, unfit("an array that begins "+brief(string(start[:6])), fmt.Sprintf("%q", arrayMagic))
	}
	var length int
	switch version := start[6]; version {
	case 1:
		var size [2]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return h, unfit(fmt.Sprintf("%v in the header length", err), "2 bytes")
		}
		length, h.length = int(binary.LittleEndian.Uint16(size[:])), 10
	case 2, 3:
		var size [4]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return h, unfit(fmt.Sprintf("%v in the header length", err), "4 bytes")
		}
		length, h.length = int(min(binary.LittleEndian.Uint32(size[:]), maxArrayHeader+1)), 12
	default:
		return h, unfit(fmt.Sprintf("array format version %d", version), "1 to 3")
	}
	if length > maxArrayHeader {
		return h, unfit("a longer array header", fmt.Sprintf("at most %d bytes", maxArrayHeader))
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return h, unfit(fmt.Sprintf("%v in the array header", err), fmt.Sprintf("%d bytes", length))
	}
	h.length += int64(length)
	return h, h.parse(string(text))
}

// parse reads the dict {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }:
// each key once, in any order, and nothing else.
func (h *arrayHeader) parse(text string) error {
	p := dictParser{rest: text}
	p.want("{")
	seen := map[string]bool{}
	for p.err == nil && !p.take("}") {
		key := p.text()
		p.want(":")
		if seen[key] {
			p.fail("the key " + brief(key) + " twice")
		}
		seen[key] = true
		switch key {
		case "descr":
			h.dtype = p.dtype()
		case "fortran_order":
			h.fortran = p.boolean()
		case "shape":
			h.shape = p.tuple()
		default:
			p.fail("the key " + brief(key))
		}
		if !p.take(",") {
			p.want("}")
			break
		}
	}
	if p.err == nil && (strings.TrimSpace(p.rest) != "" || len(seen) != 3) {
		p.fail("another dict")
	}
	return p.err
}

// dictParser reads the few Python literals of an array header; the first fault stays.
type dictParser struct {
	rest string
	err  error
}

func (p *dictParser) fail(found string) {
	if p.err == nil {
		p.err = unfit(found+" in the array header", "descr, fortran_order and shape of a plain array")
	}
}

// take skips white space and the token, if it comes next.
func (p *dictParser) take(token string) bool {
	p.rest = strings.TrimLeft(p.rest, " \n\t")
	rest, ok := strings.CutPrefix(p.rest, token)
	p.rest = rest
	return ok && p.err == nil
}

func (p *dictParser) want(token string) {
	if p.err == nil && !p.take(token) {
		p.fail(brief(p.rest))
	}
}

// text is a quoted string without escapes.
func (p *dictParser) text() string {
	quote := "'"
	if !p.take(quote) {
		quote = `"`
		p.want(quote)
	}
	content, rest, ok := strings.Cut(p.rest, quote)
	if !ok || strings.Contains(content, `\`) {
		p.fail(brief(p.rest))
		return ""
	}
	p.rest = rest
	return content
}

func (p *dictParser) dtype() DType {
	if p.take("[") {
		p.fail("a record of several fields")
	}
	name := p.text()
	dtype, ok := arrayTypes[name]
	switch {
	case ok || p.err != nil:
	case strings.Contains(name, "O"):
		p.err = unfit("Python objects, which can run code when loaded", "numbers")
	default:
		p.err = unfit("element type "+brief(name), "one of <f4, <f8, <f2, <i4, <i8, |u1 (or |V2 for bfloat16)")
	}
	return dtype
}

func (p *dictParser) boolean() bool {
	if p.take("True") {
		return true
	}
	p.want("False")
	return false
}

// tuple is (), (3,) or (2, 3).
func (p *dictParser) tuple() []int {
	shape := []int{}
	p.want("(")
	for p.err == nil && !p.take(")") {
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		n, err := strconv.Atoi(p.rest[:digits])
		if err != nil || len(shape) == MaxAxes {
			p.fail("a shape that continues " + brief(p.rest))
			break
		}
		shape, p.rest = append(shape, n), p.rest[digits:]
		if !p.take(",") {
			p.want(")")
			break
		}
	}
	return shape
}
