package imagenet

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// labelFiles: imagenet1k.txt is "WordNet-id names" in the order of the class
// indices; subsets.txt is a set and its class indices; objectnet.txt is a folder
// and the indices it is mapped to, none for most; si_score.txt is an index and
// its folder.
//
//go:embed labels/*.txt
var labelFiles embed.FS

// tables are the label maps. Nobody changes them.
type tables struct {
	wnids     []string
	names     []string // all synonyms
	readable  []string // first synonym, unique
	index     map[string]int
	subsets   map[string][]int
	objectNet map[string][]int // an unmapped folder has an empty list
	objects   []string         // ObjectNet's folders, sorted
	siLabels  map[string]int
	siNames   []string
}

var labels = sync.OnceValue(func() *tables {
	t := &tables{index: map[string]int{}, subsets: map[string][]int{}, objectNet: map[string][]int{}, siLabels: map[string]int{}}
	for i, line := range lines("imagenet1k.txt") {
		wnid, names, _ := strings.Cut(line, " ")
		t.wnids, t.names, t.index[wnid] = append(t.wnids, wnid), append(t.names, names), i
	}
	for _, line := range lines("subsets.txt") {
		set, indices, _ := strings.Cut(line, " ")
		t.subsets[set] = numbers(indices)
	}
	for _, line := range lines("objectnet.txt") {
		folder, indices, _ := strings.Cut(line, " ")
		t.objectNet[folder], t.objects = numbers(indices), append(t.objects, folder)
	}
	for _, line := range lines("si_score.txt") {
		index, name, _ := strings.Cut(line, " ")
		t.siLabels[name], t.siNames = numbers(index)[0], append(t.siNames, name)
	}
	t.readable = firstSynonyms(t.wnids, t.names)
	return t
})

func lines(name string) []string {
	content, err := labelFiles.ReadFile("labels/" + name)
	if err != nil {
		panic(fmt.Sprintf("imagenet: embedded %s: %v", name, err)) // a fault of the build
	}
	return strings.Split(strings.TrimSpace(string(content)), "\n")
}

func numbers(text string) []int {
	var list []int
	for _, word := range strings.Fields(text) {
		n, err := strconv.Atoi(word)
		if err != nil {
			panic("imagenet: embedded labels: " + err.Error()) // a fault of the build
		}
		list = append(list, n)
	}
	return list
}

// firstSynonyms names a class by its first synonym; where two classes share it
// (the two cranes), the WordNet id tells them apart.
func firstSynonyms(wnids, names []string) []string {
	readable, count := make([]string, len(names)), map[string]int{}
	for i, all := range names {
		readable[i], _, _ = strings.Cut(all, ",")
		count[readable[i]]++
	}
	for i, name := range readable {
		if count[name] > 1 {
			readable[i] = fmt.Sprintf("%s (%s)", name, wnids[i])
		}
	}
	return readable
}

// Classes are the WordNet ids of ImageNet-1k in the order of the class indices.
func Classes() []string { return slices.Clone(labels().wnids) }

// Names are the classes for people: the first synonym of each.
func Names() []string { return slices.Clone(labels().readable) }

// Synonyms are all names of each class, separated by commas.
func Synonyms() []string { return slices.Clone(labels().names) }

// Index is the class index of a WordNet id.
func Index(wnid string) (int, bool) {
	i, ok := labels().index[wnid]
	return i, ok
}

// IsList says whether these class names are ImageNet-1k's in any of its usual
// writings: WordNet ids, first names, or all synonyms.
func IsList(names []string) bool {
	t := labels()
	for _, list := range [][]string{t.wnids, t.readable, t.names} {
		if slices.Equal(names, list) {
			return true
		}
	}
	return false
}

// Subset is the class indices of imagenet-a, imagenet-r, imagenet-s50,
// imagenet-s300 or imagenet-s919, ascending; nil for another name.
func Subset(set string) []int { return slices.Clone(labels().subsets[set]) }

// merged are the categories that ImageNet-S joined in pairs, the first of each
// into the second: only the second has a folder, which holds images of both
// labels. The released code leaves out all ten.
func merged(wnid string) bool {
	return slices.Contains([]string{"n04356056", "n04355933", "n04493381", "n02808440", "n03642806", "n03832673",
		"n04008634", "n03773504", "n03887697", "n15075141"}, wnid)
}

var wnidPattern = regexp.MustCompile(`^n\d{8}$`)

func isWordNetID(name string) bool { return wnidPattern.MatchString(name) }
