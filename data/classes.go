package data

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// classListName is the file that fixes the classes and their indices, one name
// a line.
const classListName = "classes.txt"

// readClassList returns nil where there is no list.
func readClassList(root *os.Root) ([]string, error) {
	content, err := readRegular(classListName, root.OpenFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("class list %s: %w", classListName, err)
	}
	classes, err := parseClassList(content)
	if err != nil {
		return nil, fmt.Errorf("class list %s: %w", classListName, err)
	}
	return classes, nil
}

func parseClassList(content []byte) ([]string, error) {
	var classes []string
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))))
	for lines.Scan() {
		if name := strings.TrimSpace(lines.Text()); name != "" {
			classes = append(classes, name)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w; expected one class name a line", err)
	}
	if len(classes) == 0 {
		return nil, errors.New("it is empty, expected one class name a line; fill it or remove it")
	}
	return classes, checkNames(classes)
}

// checkNames refuses class names that cannot be told apart on every file
// system or that are no names of folders.
func checkNames(names []string) error {
	seen := map[string]string{}
	for _, name := range names {
		if !printable(name) || strings.ContainsAny(name, `/\`) || name == "." || name == ".." {
			return fmt.Errorf("%q cannot be a class name, expected printable text without slashes; rename it", name)
		}
		key := norm.NFC.String(strings.ToLower(norm.NFC.String(name)))
		if other, twice := seen[key]; twice {
			if other == name {
				return fmt.Errorf("class %q stands there twice; remove one", name)
			}
			return fmt.Errorf("classes %q and %q differ only in case or in the writing of accents; rename one", other, name)
		}
		seen[key] = name
	}
	return nil
}

// compareClasses checks the folders against the class list.
func compareClasses(expected, found []string, partial bool) error {
	var missing, extra []string
	for _, name := range expected {
		if !slices.Contains(found, name) {
			missing = append(missing, name)
		}
	}
	for _, name := range found {
		if !slices.Contains(expected, name) {
			extra = append(extra, name)
		}
	}
	switch {
	case len(extra) > 0:
		text := fmt.Sprintf("found %d class folders that the class list does not hold (%s)", len(extra), SomeNames(extra))
		if near := NearestName(extra[0], expected); near != "" {
			text += fmt.Sprintf(", did you mean %q for %q?", near, extra[0])
		}
		return fmt.Errorf("%s; expected the %d classes %s; rename or remove them", text, len(expected), SomeNames(expected))
	case len(missing) == len(expected) && len(expected) > 0, len(missing) > 0 && !partial:
		return fmt.Errorf("%d of %d classes have no folder (%s); add the folders or take the classes out of the list",
			len(missing), len(expected), SomeNames(missing))
	}
	return nil
}

// NearestName returns the candidate with the fewest edits, if it is close enough
// to be meant.
func NearestName(name string, candidates []string) string {
	best, bestDistance := "", max(2, len(name)/3)+1
	for _, candidate := range candidates {
		if d := editDistance(strings.ToLower(name), strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
