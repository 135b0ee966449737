package recipe

import (
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
)

// SplitOptions choose training and validation images.
type SplitOptions struct {
	Classes  int // finetuned classes; 0 = half of all
	PerClass int // training images of each
	Held     int // validation images of each other class; 0 = none
	Seed     uint64
}

// PaperSplit is the paper's: 3 images of each of 500 classes, 1,500 in all, and
// one of each other class to validate on, 414 in all.
//
// The 414 follow from ImageNet-S: of its 919 class folders five belong to merged
// categories and are left out, which leaves 914 = 500 + 414. The released code
// names all ten tags of the five merged pairs; were each of them a folder, 909
// would be left and 409 to validate on, but the other five have none.
func PaperSplit(seed uint64) SplitOptions {
	return SplitOptions{PerClass: 3, Held: 1, Seed: seed}
}

// Split draws the images by the seed; indices come ascending. A class's images
// depend on seed and IDs alone, not on the order of the file system.
func Split(d data.Dataset, o SplitOptions) (train, held []int, err error) {
	k := o.Classes
	if k == 0 {
		k = (len(d.Classes()) + 1) / 2
	}
	usable := data.UsableClasses(d, max(o.PerClass, 1))
	if o.Classes > len(usable) {
		return nil, nil, fmt.Errorf("%s has %d classes with at least %d images, asked for %d; ask for fewer classes or images", d.Name(), len(usable), o.PerClass, o.Classes)
	}
	classes := usable
	if o.Classes < len(usable) || o.Classes == 0 {
		classes = data.DrawClasses(d, o.PerClass, k, o.Seed)
	}
	if train, err = data.SelectTraining(d, classes, o.PerClass, o.Seed, nil); err != nil || o.Held == 0 {
		return train, nil, err
	}
	var rest []int
	for _, class := range data.UsableClasses(d, o.Held) {
		if !slices.Contains(classes, class) {
			rest = append(rest, class)
		}
	}
	held, err = data.SelectTraining(d, rest, o.Held, o.Seed, nil)
	return train, held, err
}

// ManifestClasses are the classes of a manifest, ascending, with the most images
// of one class.
func ManifestClasses(items []data.ManifestItem) (classes []int, perClass int) {
	count := map[int]int{}
	for _, item := range items {
		if count[item.Class]++; count[item.Class] == 1 {
			classes = append(classes, item.Class)
		}
		perClass = max(perClass, count[item.Class])
	}
	slices.Sort(classes)
	return classes, perClass
}
