package report

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Paths from the root of a disk. Names may have blanks: in a quoted path and in
// one that stands alone any, inside a sentence two before the next separator. A
// host's path, as in https://, is none.
var (
	quotedPath = regexp.MustCompile(`(")((?:[A-Za-z]:)?[\\/][^"<>|]+)(")`)
	innerPath  = regexp.MustCompile(`(^|[\s"'(\[=:,;<>|{]|file://)((?:[A-Za-z]:)?(?:\\\\|[\\/])(?:` + pathWord + `(?: ` + pathWord + `){0,2}[\\/])*` + pathWord + `)()`)
	wholePath  = regexp.MustCompile(`^()((?:[A-Za-z]:)?[\\/][^"'<>|:;]+)()$`)
)

const pathWord = `[^\s"'<>|:,;()\[\]{}\\/]+`

// private shortens absolute paths: a page is sent to others, and where a disk
// has a folder names its owner.
func private(text string) string {
	for _, path := range []*regexp.Regexp{wholePath, quotedPath, innerPath} {
		text = path.ReplaceAllStringFunc(text, func(found string) string {
			parts := path.FindStringSubmatch(found)
			elements := strings.FieldsFunc(parts[2], func(r rune) bool { return r == '/' || r == '\\' })
			if len(elements) == 0 || len(elements) < 2 && elements[0] != "root" {
				return found
			}
			return parts[1] + shortened(elements) + parts[3]
		})
	}
	return text
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
	owner, me := -1, userFolder()
	for i, e := range elements {
		switch {
		case slices.Contains([]string{"home", "users"}, strings.ToLower(e)):
			owner = i + 1
		case e == me:
			owner = max(owner, i)
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

// userFolder is what the folder of whoever writes the page is called, wherever
// it lies; "" where that is not known.
func userFolder() string {
	home, err := os.UserHomeDir()
	if err != nil || filepath.Dir(home) == home {
		return ""
	}
	return filepath.Base(home)
}
