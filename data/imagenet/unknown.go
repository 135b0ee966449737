package imagenet

import (
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
)

// unknownFolders explains class folders that do not belong to the set.
func (r *reader) unknownFolders(unknown []string, f form) error {
	text := fmt.Sprintf("found %d of %d folders that are no class of %s (%s), expected %s",
		len(unknown), len(r.tree.Folders), r.title(), data.SomeNames(unknown), r.layout.expected)
	switch first := unknown[0]; {
	case f == byNumber && slices.Contains(unknown, "1000"):
		return fmt.Errorf("%s; the folders are numbered from 1, rename them to 0 to 999", text)
	case f != byNumber && isNumber(first):
		return fmt.Errorf("%s; numbers stand beside names: take the set as it was published", text)
	case f == byWordNet && isWordNetID(first):
		if _, ok := Index(first); ok {
			return fmt.Errorf("%s; it is a class of ImageNet, but not of this set: is it another set under this name?", text)
		}
		return fmt.Errorf("%s; it is not among the 1000 classes of ImageNet-1k: remove it", text)
	default:
		if near := data.NearestName(first, knownFolders(f)); near != "" {
			return fmt.Errorf("%s; did you mean %q for %q?", text, near, first)
		}
		return fmt.Errorf("%s; remove or rename them", text)
	}
}

func knownFolders(f form) []string {
	switch f {
	case byObject:
		return labels().objects
	case byLabel, byFactor:
		return labels().siNames
	}
	return labels().wnids
}
