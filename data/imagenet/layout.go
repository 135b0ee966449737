package imagenet

import (
	"path"
	"slices"
	"strings"
)

// form is how the folders of a set name its classes.
type form int

const (
	unknownForm form = iota
	byWordNet        // n01440764/..., one folder a class
	byNumber         // 0/..., the class index
	flat             // ILSVRC2012_val_00000001.JPEG, labels in a file beside
	byObject         // ObjectNet's names
	byLabel          // SI-Score's names
	byFactor         // SI-Score's names below a folder a factor value
)

// layout is one published set.
type layout struct {
	name     string   // of the data set, as in tables
	title    string   // for people
	folders  []string // usual names of its folder, patterns in lower case
	subset   string   // name of its class list; "" = all 1000
	classes  int      // number of class folders of the whole set
	images   []int    // images of the whole set: the published counts
	forms    []form
	expected string // what its folder holds, for errors
}

const (
	trainSemi   = "train-semi"
	sValidation = "imagenet-s-val"
)

// layouts are in the order of the paper's columns, the clean sets first.
var layouts = []layout{
	{name: "val", title: "ImageNet val", folders: []string{"val", "validation", "ilsvrc2012_val", "ilsvrc2012_img_val", "imagenet-val", "imagenet_val"},
		classes: 1000, images: []int{50000}, forms: []form{byWordNet, flat},
		expected: "1000 folders named by WordNet id, or ILSVRC2012_val_*.JPEG with a label file"},
	{name: "imagenet-a", title: "ImageNet-A", folders: []string{"imagenet-a", "imagenet_a", "imageneta"}, subset: "imagenet-a",
		classes: 200, images: []int{7500}, forms: []form{byWordNet}, expected: "200 folders named by WordNet id"},
	{name: "imagenet-r", title: "ImageNet-R", folders: []string{"imagenet-r", "imagenet_r", "imagenetr", "imagenet-rendition"}, subset: "imagenet-r",
		classes: 200, images: []int{30000}, forms: []form{byWordNet}, expected: "200 folders named by WordNet id"},
	{name: "imagenet-sketch", title: "ImageNet-Sketch", folders: []string{"imagenet-sketch", "imagenet_sketch", "imagenetsketch", "sketch"},
		classes: 1000, images: []int{50889, 50000}, forms: []form{byWordNet}, expected: "1000 folders named by WordNet id"},
	{name: "imagenet-v2", title: "ImageNet-v2 matched-frequency", folders: []string{"imagenetv2-matched-frequency*", "imagenet-v2", "imagenetv2", "imagenet_v2", "imagenet-v2-matched-frequency*"},
		classes: 1000, images: []int{10000}, forms: []form{byNumber, byWordNet}, expected: expectedV2},
	{name: "imagenet-v2-threshold", title: "ImageNet-v2 threshold 0.7", folders: []string{"imagenetv2-threshold*", "imagenet-v2-threshold*"},
		classes: 1000, images: []int{10000}, forms: []form{byNumber, byWordNet}, expected: expectedV2},
	{name: "imagenet-v2-top", title: "ImageNet-v2 top images", folders: []string{"imagenetv2-top*", "imagenet-v2-top*"},
		classes: 1000, images: []int{10000}, forms: []form{byNumber, byWordNet}, expected: expectedV2},
	{name: "objectnet", title: "ObjectNet", folders: []string{"objectnet*"},
		classes: 313, images: []int{18574}, forms: []form{byObject}, expected: "ObjectNet's 313 folders (air_freshener to ziploc_bag), perhaps in images/"},
	{name: "si-location", title: "SI-Score location", folders: []string{"si-location", "si_location", "location", "location20_*"},
		classes: siClasses, forms: []form{byLabel, byFactor}, expected: expectedSI},
	{name: "si-rotation", title: "SI-Score rotation", folders: []string{"si-rotation", "si_rotation", "rotation"},
		classes: siClasses, forms: []form{byLabel, byFactor}, expected: expectedSI},
	{name: "si-size", title: "SI-Score size", folders: []string{"si-size", "si_size", "size", "area"}, // published as area
		classes: siClasses, forms: []form{byLabel, byFactor}, expected: expectedSI},
}

const (
	expectedV2 = "1000 folders named 0 to 999, or by WordNet id"
	expectedSI = "folders named by SI-Score's labels (ambulance to zucchini), perhaps below one folder a factor value"
	siClasses  = 61 // published; the label map knows 112
)

// semi is ImageNet-S's part of that name; s is the wordlist's size.
func semi(name string, s string) layout {
	classes := map[string]int{"50": 50, "300": 300, "919": 919}[s]
	l := layout{name: name, subset: "imagenet-s" + s, classes: classes, forms: []form{byWordNet}, expected: "folders named by WordNet id"}
	switch name {
	case trainSemi:
		l.title, l.images = "ImageNet-S"+s+" train-semi", []int{10 * classes}
	default:
		l.title, l.images = "ImageNet-S"+s+" validation", []int{map[string]int{"50": 752, "300": 4097, "919": 12419}[s]}
	}
	return l
}

// layoutOf finds the published set that a folder of this name usually holds.
func layoutOf(folder string) (layout, bool) {
	folder = strings.ToLower(folder)
	for _, l := range layouts {
		for _, pattern := range l.folders {
			if ok, _ := path.Match(pattern, folder); ok {
				return l, true
			}
		}
	}
	return layout{}, false
}

// formOf judges the names in a folder, the forms in question first.
func formOf(folders, images []string, first ...form) form {
	for _, f := range append(first, byWordNet, byNumber, byLabel, byObject, flat) {
		if looks(f, folders, images) {
			return f
		}
	}
	return unknownForm
}

// looks says whether most names have the form. Only a clear majority decides,
// so that one stray name gives an error instead of another reading.
func looks(f form, folders, images []string) bool {
	is := map[form]func(string) bool{
		byWordNet: isWordNetID,
		byNumber:  isNumber,
		byObject:  func(name string) bool { _, ok := labels().objectNet[name]; return ok },
		byLabel:   func(name string) bool { _, ok := labels().siLabels[name]; return ok },
	}[f]
	if is == nil {
		return f == flat && len(folders) == 0 && slices.ContainsFunc(images, isValidationImage)
	}
	n := 0
	for _, name := range folders {
		if is(name) {
			n++
		}
	}
	return 2*n > len(folders)
}

func isNumber(name string) bool {
	return name != "" && len(name) <= 4 && strings.Trim(name, "0123456789") == ""
}
