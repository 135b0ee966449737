package shapes

import (
	"fmt"

	"github.com/robustvit/workbench/data"
)

// dataset generates its images when they are loaded. The order is that of the
// folder Write makes of it: by class index, then by image number.
type dataset struct {
	name   string
	config Config
	n      int
	seed   uint64
	factor Factor
}

// maxImages keeps image numbers at six digits, so that file names sort like numbers.
const maxImages = 1_000_000

// NewDataset is the first n images of the distribution cfg with the given seed
// (see Seed), n at most 1,000,000. Image numbers go round the classes; the
// samples are ordered by class index, then by image number, and their IDs are
// name/class/number: "val/heart/000009". Load may be called from any number of
// goroutines and fails only for an index out of range or a cfg that
// Config.Validate refuses.
func NewDataset(name string, cfg Config, n int, seed uint64) data.Dataset {
	return newDataset(Set{Name: name, Config: cfg}, n, seed)
}

// newDataset is NewDataset for a set, with what it varies.
func newDataset(set Set, n int, seed uint64) data.Dataset {
	return &dataset{name: set.Name, config: set.Config, n: min(max(n, 0), maxImages), seed: seed, factor: set.Factor}
}

func (s *dataset) Name() string { return s.name }

func (s *dataset) Classes() []string { return namesOf(s.config.classes()) }

func (s *dataset) Len() int { return s.n }

// Entry returns the zero Entry for an index out of range.
func (s *dataset) Entry(i int) data.Entry {
	if i < 0 || i >= s.n {
		return data.Entry{}
	}
	class, number := s.place(i)
	return data.Entry{ID: fmt.Sprintf("%s/%s/%06d", s.name, className(class), number), Class: class}
}

// Load draws sample i with its exact mask.
func (s *dataset) Load(i int) (data.Sample, error) {
	if i < 0 || i >= s.n {
		return data.Sample{}, fmt.Errorf("shapes: sample %d of %q: expected an index from 0 to %d", i, s.name, s.n-1)
	}
	if err := s.config.Validate(); err != nil {
		return data.Sample{}, fmt.Errorf("data set %q: %w", s.name, err)
	}
	_, number := s.place(i)
	img, mask, _, _ := Generate(s.config, s.seed, number)
	return data.Sample{Entry: s.Entry(i), Image: img, Mask: mask}, nil
}

// Factor is what sample i has of the factor that the set varies (see
// data.FactorOf); "" for sets that vary none and for an index out of range.
func (s *dataset) Factor(i int) string {
	if i < 0 || i >= s.n || s.config.Validate() != nil {
		return ""
	}
	class, number := s.place(i)
	return s.factor.Value(s.config, s.seed, number, class)
}

// place finds the class and the image number of sample i: the first n modulo
// the number of classes have one image more than the others.
func (s *dataset) place(i int) (class, number int) {
	classes := s.config.classes()
	each, longer := s.n/classes, s.n%classes
	if i < longer*(each+1) {
		class = i / (each + 1)
		return class, class + classes*(i%(each+1))
	}
	i -= longer * (each + 1)
	class = longer + i/each
	return class, class + classes*(i%each)
}
