package measure

import (
	"reflect"

	"github.com/robustvit/workbench/data"
)

// memory keeps what several models see, or a set and the segmentation test, so
// that each file is decoded once.
type memory struct {
	budget *data.Budget
	same   bool // every model sees the same pixels, so that those are kept
	caches []*data.Cache
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
	m := &memory{budget: data.NewBudget(j.Cache.Bytes()), same: true}
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

// of is the set through its cache, and the protocol that is left to do.
func (m *memory) of(d data.Dataset, p data.Protocol, size int) (data.Dataset, data.Protocol) {
	if m == nil || !reflect.TypeOf(d).Comparable() {
		return d, p
	}
	left := p
	if m.same {
		left = data.Native()
		left.Name, left.Mean, left.Std = p.Name, p.Mean, p.Std
	}
	for _, c := range m.caches {
		if c.Dataset == d {
			return c, left
		}
	}
	var change func(data.Sample) (data.Sample, error)
	if m.same {
		change = func(s data.Sample) (data.Sample, error) { return data.Prepared(s, p, size, data.Strict) }
	}
	m.caches = append(m.caches, m.budget.Cached(d, change))
	return m.caches[len(m.caches)-1], left
}
