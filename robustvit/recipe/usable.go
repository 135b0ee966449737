package recipe

import (
	"context"

	"github.com/robustvit/workbench/data"
)

// Usable is the collection with its sets as [data.Usable] leaves them: every
// image and mask of the named sets is read once before (nil = all sets). The
// training images stay as they are: where one is left out another would be
// chosen in its place.
func Usable(ctx context.Context, c data.Collection, sets []string, done func(set string, n, of int)) (data.Collection, error) {
	u := &usable{Collection: c, sets: map[string]data.Dataset{}}
	if sets == nil {
		sets = c.SetNames()
	}
	read := func(d data.Dataset) (data.Dataset, error) {
		var listen func(n, of int)
		if done != nil {
			listen = func(n, of int) { done(d.Name(), n, of) }
		}
		return data.Usable(ctx, d, listen)
	}
	for _, name := range sets {
		d, err := c.Set(name)
		if err == nil {
			u.sets[name], err = read(d)
		}
		if err != nil {
			return nil, err
		}
	}
	segmentation, err := c.Segmentation()
	if err == nil && segmentation != nil {
		u.segmentation, err = read(segmentation)
	}
	return u, err
}

type usable struct {
	data.Collection
	sets         map[string]data.Dataset
	segmentation data.Dataset
}

// Set is what can be read of a set.
func (u *usable) Set(name string) (data.Dataset, error) {
	if d, ok := u.sets[name]; ok {
		return d, nil
	}
	return u.Collection.Set(name)
}

// Segmentation is what can be read of the segmentation test, or nil.
func (u *usable) Segmentation() (data.Dataset, error) { return u.segmentation, nil }

// ReadableNames are the classes for people.
func (u *usable) ReadableNames() []string { return data.ReadableNames(u.Collection, u.Classes()) }
