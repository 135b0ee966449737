package data

import (
	"fmt"
	"strings"
)

// MarshalText writes the name, so that configurations stay readable.
func (f Filter) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads a name that MarshalText wrote.
func (f *Filter) UnmarshalText(text []byte) error { return byName(f, text, Bilinear, Bicubic) }

// MarshalText writes the name, so that configurations stay readable.
func (r MaskRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a name that MarshalText wrote.
func (r *MaskRule) UnmarshalText(text []byte) error { return byName(r, text, Reference, Strict) }

// byName sets v to the value of that name.
func byName[T fmt.Stringer](v *T, text []byte, values ...T) error {
	names := make([]string, len(values))
	for i, value := range values {
		if names[i] = value.String(); names[i] == string(text) {
			*v = value
			return nil
		}
	}
	return fmt.Errorf("%q is unknown; use %s", text, strings.Join(names, " or "))
}
