package imagenet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
)

// title names the set in errors.
func (r *reader) title() string {
	if r.layout.title == "" {
		return "ImageNet-1k"
	}
	return r.layout.title
}

// compare holds what was found against what was published.
func (r *reader) compare() {
	f := &r.Facts
	f.Kind, f.Images, f.Classes = r.title(), len(r.List), len(r.held)
	f.ExpectedImages, f.ExpectedClasses = r.layout.images, r.layout.classes
	if r.layout.name == "objectnet" {
		f.Notes = append(f.Notes, fmt.Sprintf("%d images used, %d ignored: their folders are mapped to no class of ImageNet (published: 18,574 of 50,273 used)", f.Images, f.LeftOut))
	} else if f.LeftOut > 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("%d images left out: their folders are merged categories, which hold images of two labels", f.LeftOut))
	}
	if r.layout.name == "imagenet-v2" && r.layout.title == "" {
		f.Notes = append(f.Notes, "which of the three variants it is does not show")
	}
	r.coverage()
}

// coverage says whether the set is whole, a part of it, or wrong.
func (r *reader) coverage() {
	f := &r.Facts
	images := f.Images + f.LeftOut
	expected := f.ExpectedImages
	if r.layout.name == "objectnet" {
		images = f.Images
	}
	if len(expected) == 0 {
		return
	}
	whole := slices.Max(expected)
	missing := f.ExpectedClasses - f.Classes
	switch {
	case slices.Contains(expected, images) && missing <= 0:
		f.Notes = append(f.Notes, "complete")
	case images > whole:
		f.Faults = append(f.Faults, fmt.Sprintf("%d images, more than the %d published: remove copies and other files", images, whole))
	case missing > 0 && missing <= f.ExpectedClasses/20 && images > whole/2:
		f.Faults = append(f.Faults, fmt.Sprintf("%d of %d class folders are missing (%s): the copy is not complete, copy it again",
			missing, f.ExpectedClasses, data.SomeNames(r.missing())))
	default:
		f.Notes = append(f.Notes, fmt.Sprintf("a part of the set: %d of %d images, %d of %d classes; accuracies hold for this part", images, whole, f.Classes, f.ExpectedClasses))
	}
}

// missing lists the classes of the set that have no image.
func (r *reader) missing() []string {
	var all, missing []string
	switch {
	case r.layout.name == "objectnet":
		all = labels().objects
	case r.layout.subset != "":
		for _, class := range labels().subsets[r.layout.subset] {
			all = append(all, labels().wnids[class])
		}
	default:
		all = labels().wnids
	}
	for class, name := range all {
		_, byName := r.held[name]
		_, byIndex := r.held[fmt.Sprint(class)]
		if !byName && (r.layout.subset != "" || !byIndex) {
			missing = append(missing, name)
		}
	}
	return missing
}

// exactly says whether the folders are exactly the classes of that subset.
func exactly(folders []string, subset string) bool {
	indices := labels().subsets[subset]
	if len(folders) != len(indices) {
		return false
	}
	for _, folder := range folders {
		if class, ok := Index(folder); !ok || !slices.Contains(indices, class) {
			return false
		}
	}
	return true
}

// variantOf is the ImageNet-S variant (50, 300 or 919) that path and class
// folders show. The category numbers in the masks depend on it.
func variantOf(path string, folders []string) string {
	lower := strings.ToLower(path)
	for _, s := range []string{"919", "300", "50"} {
		if strings.Contains(lower, "imagenets"+s) || strings.Contains(lower, "imagenet-s"+s) || strings.Contains(lower, "imagenet-s-"+s) {
			return s
		}
	}
	for _, s := range []string{"50", "300"} {
		if exactly(folders, "imagenet-s"+s) {
			return s
		}
	}
	return "919"
}
