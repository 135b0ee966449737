package data

// Subset is the samples of d with these indices, in this order. IDs and class
// indices stay; an empty name keeps d's.
func Subset(d Dataset, indices []int, name string) Dataset {
	if name == "" {
		name = d.Name()
	}
	return &subset{d, append([]int(nil), indices...), name}
}

type subset struct {
	Dataset
	indices []int
	name    string
}

func (s *subset) Name() string               { return s.name }
func (s *subset) Len() int                   { return len(s.indices) }
func (s *subset) Entry(i int) Entry          { return s.Dataset.Entry(s.indices[i]) }
func (s *subset) Load(i int) (Sample, error) { return s.Dataset.Load(s.indices[i]) }
func (s *subset) File(i int) string          { return fileOf(s.Dataset, s.indices[i]) }

// HasMask tells whether sample i has a mask; a sample that cannot be loaded has none.
func (s *subset) HasMask(i int) bool {
	has, err := HasMask(s.Dataset, s.indices[i])
	return has && err == nil
}
