package data

// Scoring says which answers compete and which count as right. The zero value
// is the usual rule: all classes of the model compete, the sample's class is right.
type Scoring struct {
	Rule     string            // in words, for tables: "200-way: only the set's classes compete"; "" = the usual rule
	Classes  []int             // the classes that compete, ascending; nil = all
	Accepted func(i int) []int // all classes that are right for sample i; nil = its own alone
}

// Adaptive is a data set that a protocol reads or scores in its own way.
type Adaptive interface {
	Under(protocol string) (Dataset, Scoring)
}

// Under is the data set as the named protocol reads it, with the protocol's
// scoring. Most data sets are the same under every protocol.
func Under(d Dataset, protocol string) (Dataset, Scoring) {
	if a, ok := d.(Adaptive); ok {
		return a.Under(protocol)
	}
	return d, Scoring{}
}

// FactorOf is the value of the factor that the set varies (the angle of an image
// of SI-Score's rotation set), "" where there is none.
func FactorOf(d Dataset, i int) string {
	if f, ok := d.(interface{ Factor(i int) string }); ok {
		return f.Factor(i)
	}
	return ""
}

// ReadableNames are the names of the classes for people, where the data set's or
// collection's own names are codes; else names.
func ReadableNames(d any, names []string) []string {
	if r, ok := d.(interface{ ReadableNames() []string }); ok {
		return r.ReadableNames()
	}
	return names
}

// HalfOfClasses draws half of the classes (the paper's set A: 500 of 1000) among
// those with at least perClass samples; where no more than half have that many,
// it draws half of those. The classes come ascending.
func HalfOfClasses(d Dataset, perClass int, seed uint64) []int {
	return DrawClasses(d, perClass, (len(d.Classes())+1)/2, seed)
}

// DrawClasses draws k classes among those with at least perClass samples, half
// of those where there are not more than k. The classes come ascending.
func DrawClasses(d Dataset, perClass, k int, seed uint64) []int {
	usable := UsableClasses(d, max(perClass, 1))
	if len(usable) == 0 { // the selection of the images says what is missing
		return SelectClasses(k, len(d.Classes()), seed)
	}
	if len(usable) <= k && len(usable) < len(d.Classes()) {
		k = (len(usable) + 1) / 2
	}
	drawn := SelectClasses(k, len(usable), seed)
	for i, place := range drawn {
		drawn[i] = usable[place]
	}
	return drawn
}

// UsableClasses are the classes with at least n samples, ascending.
func UsableClasses(d Dataset, n int) []int {
	counts := make([]int, len(d.Classes()))
	for i := range d.Len() {
		counts[d.Entry(i).Class]++
	}
	var usable []int
	for class, count := range counts {
		if count >= n {
			usable = append(usable, class)
		}
	}
	return usable
}
