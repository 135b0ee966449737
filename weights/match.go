package weights

import (
	"fmt"
	"slices"
	"strings"
)

// Spec is a tensor that a model asks for.
type Spec struct {
	Name  string
	Shape []int
}

// listed is how many names an error spells out of each kind.
const listed = 10

// Match says whether f, read from source, holds exactly the tensors a model
// wants. The error names what is missing, what is left over, what has another
// shape and what holds no floating-point numbers (up to 10 names and the count
// of each), and says in words of geometry where file and run differ.
func Match(f *File, want []Spec, source string) error {
	held := make(map[string][]int, len(f.Tensors))
	for _, t := range f.Tensors {
		held[t.Name] = t.Shape
	}
	var missing, wrong, mistyped, extra []string
	wanted := make(map[string][]int, len(want))
	for _, spec := range want {
		wanted[spec.Name] = spec.Shape
		shape, ok := held[spec.Name]
		switch {
		case !ok:
			missing = append(missing, brief(spec.Name))
		case !slices.Equal(shape, spec.Shape):
			wrong = append(wrong, fmt.Sprintf("%s %v instead of %v", brief(spec.Name), shape, spec.Shape))
		}
	}
	for _, t := range f.Tensors {
		_, ok := wanted[t.Name]
		switch at, _ := t.floatAt(); {
		case !ok:
			extra = append(extra, brief(t.Name))
		case at == nil:
			mistyped = append(mistyped, brief(t.Name)+" "+string(t.DType))
		}
	}
	different := tally([]named{{"missing", missing}, {"of another shape", wrong}, {"not of a floating-point type (F32, F64, F16, BF16)", mistyped}, {"not wanted", extra}})
	if different == "" {
		return nil
	}
	return &Fault{File: source, Field: "tensors", Found: different,
		Expected: fmt.Sprintf("the %d tensors of the model", len(want)), Next: difference(held, wanted)}
}

// named are tensors of which one thing is said.
type named struct {
	what  string
	names []string
}

// tally counts each kind and names the first of it; "" where there are none.
func tally(kinds []named) string {
	var parts []string
	for _, kind := range kinds {
		if len(kind.names) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s", len(kind.names), kind.what, enumerate(kind.names)))
		}
	}
	return strings.Join(parts, "; ")
}

func enumerate(names []string) string {
	if len(names) <= listed {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:listed], ", ") + ", ..."
}

// difference compares the two models in the words of the field.
func difference(found, wanted map[string][]int) string {
	const elsewhere = "choose the model that the weights belong to, or other weights"
	have, err := geometryOf(found)
	if err != nil {
		return "these are not the weights of a ViT in timm names: " + elsewhere
	}
	want, err := geometryOf(wanted)
	if err != nil {
		return elsewhere
	}
	var left, right []string
	for _, row := range []struct {
		name       string
		have, want int
	}{
		{"width", have.Width, want.Width}, {"depth", have.Depth, want.Depth}, {"patch", have.Patch, want.Patch},
		{"MLP width", have.MLP, want.MLP}, {"image size", have.ImageSize, want.ImageSize},
		{"prefix tokens", have.Prefix, want.Prefix}, {"classes", have.Classes, want.Classes},
		{"image channels", have.Channels, want.Channels},
	} {
		if row.have != row.want {
			left = append(left, fmt.Sprintf("%s %d", row.name, row.have))
			right = append(right, fmt.Sprintf("%s %d", row.name, row.want))
		}
	}
	if len(left) == 0 {
		return elsewhere
	}
	return fmt.Sprintf("these look like weights of %s; the run wants %s: %s", strings.Join(left, ", "), strings.Join(right, ", "), elsewhere)
}
