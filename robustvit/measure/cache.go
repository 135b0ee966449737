package measure

import (
	"reflect"

	"github.com/robustvit/workbench/data"
)

// memory keeps what several models see, or a set and the segmentation test, so
// that each file is decoded once.
type memory struct {
	budget *data.Budget
	same   bool                         // every model sees the same pixels, so that those are kept
	caches map[data.Dataset]*data.Cache // by the set as the collection has it
}

// memory is nil where every image is read once.
func (j Job) memory() (*memory, error) {
	if len(j.Models) < 2 {
		d, err := data.Dataset(nil), error(nil)
		if j.Segment && len(j.Sets) > 0 {
			d, err = j.Data.Segmentation()
		}
		if err != nil || d == nil {
			return nil, err
		}
	}
	m := &memory{budget: data.NewBudget(j.Cache.Bytes()), same: true, caches: map[data.Dataset]*data.Cache{}}
	for i, model := range j.Models {
		m.same = m.same && model.Variant.ImageSize == j.Models[0].Variant.ImageSize &&
			geometry(j.Config.Models[i].Prepared) == geometry(j.Config.Models[0].Prepared)
	}
	return m, nil
}

// geometry is the protocol without the normalisation.
func geometry(p data.Protocol) data.Protocol {
	p.Mean, p.Std = [3]float32{}, [3]float32{}
	return p
}

// of is a set of the collection, as the protocol reads it, through its cache,
// and the protocol that is left to do.
func (m *memory) of(set, read data.Dataset, p data.Protocol, size int) (data.Dataset, data.Protocol) {
	if m == nil || !reflect.TypeOf(set).Comparable() {
		return read, p
	}
	left := p
	var change func(data.Sample) (data.Sample, error)
	if m.same {
		left = data.Native()
		left.Name, left.Mean, left.Std = p.Name, p.Mean, p.Std
		change = func(s data.Sample) (data.Sample, error) { return data.Prepared(s, p, size, data.Strict) }
	}
	if m.caches[set] == nil {
		m.caches[set] = m.budget.Cached(read, change)
	}
	return m.caches[set], left
}
