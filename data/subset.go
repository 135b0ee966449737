package data

// Subset is the samples of d with these indices, in this order. IDs and class
// indices stay; an empty name keeps d's.
func Subset(d Dataset, indices []int, name string) Dataset {
	if name == "" {
		name = d.Name()
	}
	return &subset{Dataset: d, indices: append([]int(nil), indices...), name: name}
}

type subset struct {
	Dataset
	indices []int
	name    string

	stray   int       // files that are no part of it
	refused []Problem // samples that could not be read
}

func (s *subset) Name() string               { return s.name }
func (s *subset) Len() int                   { return len(s.indices) }
func (s *subset) Entry(i int) Entry          { return s.Dataset.Entry(s.indices[i]) }
func (s *subset) Load(i int) (Sample, error) { return s.Dataset.Load(s.indices[i]) }
func (s *subset) File(i int) string          { return fileOf(s.Dataset, s.indices[i]) }

// Stray is the number of files and samples that are no part of it.
func (s *subset) Stray() int { return s.stray }

// Refused are the samples that [Usable] left out.
func (s *subset) Refused() []Problem { return s.refused }

// HasMask tells whether sample i has a mask; a sample that cannot be loaded has none.
func (s *subset) HasMask(i int) bool {
	has, err := HasMask(s.Dataset, s.indices[i])
	return has && err == nil
}

// Factor is the value of what the set varies, of sample i.
func (s *subset) Factor(i int) string { return FactorOf(s.Dataset, s.indices[i]) }

// ReadableNames are the names of the classes for people.
func (s *subset) ReadableNames() []string { return ReadableNames(s.Dataset, s.Classes()) }

// Under reads and scores the samples as the protocol does the whole set.
func (s *subset) Under(protocol string) (Dataset, Scoring) {
	d, scoring := Under(s.Dataset, protocol)
	if accepted := scoring.Accepted; accepted != nil {
		scoring.Accepted = func(i int) []int { return accepted(s.indices[i]) }
	}
	under := *s
	under.Dataset = d
	return &under, scoring
}
