package report

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// absolutePath is a path from the root of a disk inside a text: what stands
// before it, then the path. A host's path, as in https://, is none.
var absolutePath = regexp.MustCompile(`(^|[\s"'(\[=:])((?:[A-Za-z]:)?[\\/](?:[^\s"'<>|:,;()\[\]]+[\\/])*[^\s"'<>|:,;()\[\]]+)`)

// private shortens absolute paths: a page is sent to others, and where a disk
// has a folder names its owner.
func private(text string) string {
	return absolutePath.ReplaceAllStringFunc(text, func(found string) string {
		parts := absolutePath.FindStringSubmatch(found)
		before, path := parts[1], parts[2]
		elements := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' })
		if strings.HasPrefix(path, "//") || len(elements) < 2 && elements[0] != "root" {
			return found
		}
		return before + shortened(elements)
	})
}

// privateOutside is private, the folder's own name left out first.
func privateOutside(text, dir string) string {
	dir = filepath.Clean(dir)
	if dir == "." || dir == ".." || dir == string(filepath.Separator) {
		return private(text)
	}
	return private(strings.ReplaceAll(text, dir+string(filepath.Separator), ""))
}

// shortened is the end of a path that names nobody.
func shortened(elements []string) string {
	if len(elements[0]) == 2 && elements[0][1] == ':' {
		elements = elements[1:]
	}
	owner := -1
	for i, e := range elements {
		if slices.Contains([]string{"home", "users"}, strings.ToLower(e)) {
			owner = i + 1
		}
	}
	if owner < 0 && elements[0] == "root" {
		owner = 0
	}
	if rest := elements[min(owner+1, len(elements)):]; len(rest) > 0 {
		return "…/" + strings.Join(rest[max(0, len(rest)-2):], "/")
	}
	return "~"
}
