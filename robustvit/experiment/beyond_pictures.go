package experiment

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/explain"
)

// drawByHash chooses n of the candidates by the smallest hash of salt and ID:
// the same on every machine, and not changed by images that come or go.
func drawByHash(candidates []int, id func(i int) string, n int, salt string) []int {
	type ticket struct {
		index int
		sum   [sha256.Size]byte
	}
	var tickets []ticket
	for _, i := range candidates {
		tickets = append(tickets, ticket{i, sha256.Sum256([]byte(salt + "/" + id(i)))})
	}
	slices.SortFunc(tickets, func(a, b ticket) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), a.index-b.index)
	})
	var chosen []int
	for _, t := range tickets[:min(n, len(tickets))] {
		chosen = append(chosen, t.index)
	}
	return chosen
}

// spaced are n indices of 0 to total-1 at equal distances: sets are often sorted
// by class, and the first n would be a few classes.
func spaced(total, n int) []int {
	n = min(n, total)
	indices := make([]int, n)
	for k := range indices {
		indices[k] = k * total / n
	}
	return indices
}

// seen is an image as a model sees it.
type seen struct {
	ID      string
	Class   int
	picture *data.Image
	input   []float32 // 3 x h x w, normalised
}

// look prepares an image of a set.
func look(ctx context.Context, t evaluate.Test, index, size int) (seen, error) {
	if ctx.Err() != nil {
		return seen{}, context.Cause(ctx)
	}
	sample, err := t.Data.Load(index)
	if err != nil {
		return seen{}, err
	}
	entry := t.Data.Entry(index)
	picture, err := t.Protocol.Apply(sample.Image, size)
	if err != nil {
		return seen{}, fmt.Errorf("image %s: %w", entry.ID, err)
	}
	s := seen{ID: entry.ID, Class: entry.Class, picture: picture, input: make([]float32, 3*size*size)}
	data.Normalize(s.input, picture, t.Protocol.Mean, t.Protocol.Std)
	return s, nil
}

// savePicture writes a picture into the experiment's folder.
func (o *Outcome) savePicture(name string, picture *data.Image) error {
	content, err := explain.ImagePNG(picture)
	if err != nil {
		return fmt.Errorf("picture %s: %w", name, err)
	}
	return o.Run.WriteFile(name, content)
}

// saveMap writes a relevance map of the given width into the experiment's folder.
func (o *Outcome) saveMap(name string, relevance []float32, width int) error {
	content, err := explain.MapPNG(relevance, width)
	if err != nil {
		return fmt.Errorf("map %s: %w", name, err)
	}
	return o.Run.WriteFile(name, content)
}

// className is a class in words for people.
func (p Point) className(t evaluate.Test, class int) string {
	if names := data.ReadableNames(t.Data, t.Data.Classes()); class >= 0 && class < len(names) {
		return names[class]
	}
	return p.Base.Model.ClassName(class)
}
