package imagenet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// labelList is what a label file of the validation images says.
type labelList struct {
	ordered []int          // one class a line, in the order of the sorted file names
	named   map[string]int // or by file name without extension
}

// maxLabelLines bounds what is read of a label file.
const maxLabelLines = 1_000_000

// parseLabels reads a label file: a class a line (index or WordNet id), or lines
// "file class", separated by blanks, tabs or commas; what follows the class is
// not read (Kaggle's boxes). A first line that names columns is left out.
// The numbers of the development kit (1 to 1000) are refused where they show:
// they are in another order than the class indices.
func parseLabels(content []byte) (*labelList, error) {
	list := &labelList{named: map[string]int{}}
	scanner := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))))
	n, lowest := 0, 1000
	for scanner.Scan() {
		words := strings.FieldsFunc(scanner.Text(), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
		if n++; n > maxLabelLines {
			return nil, fmt.Errorf("it has more than %d lines, expected 50,000; check the file", maxLabelLines)
		}
		if len(words) == 0 || n == 1 && isHeading(words) {
			continue
		}
		class, isNumber, err := list.add(words)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if isNumber {
			lowest = min(lowest, class)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w; expected short lines of text", n+1, err)
	}
	total := len(list.ordered) + len(list.named)
	switch {
	case total == 0:
		return nil, errors.New("it holds no label, expected a class a line or lines \"file class\"")
	case len(list.ordered) > 0 && len(list.named) > 0:
		return nil, errors.New("some lines name a file and some do not, expected one form throughout")
	case lowest > 0 && lowest < 1000 && total >= 50000:
		return nil, fmt.Errorf("no label is 0: %w", errDevkit)
	}
	return list, nil
}

var errDevkit = errors.New("these are the numbers of the development kit (1 to 1000), which stand in another order than the class indices; " +
	"use a file with indices from 0 to 999 or WordNet ids (imagenet_2012_validation_synset_labels.txt, LOC_val_solution.csv)")

func isHeading(words []string) bool {
	return slices.Contains([]string{"imageid", "filename", "file", "image", "label", "class", "wnid"}, strings.ToLower(words[0]))
}

// add reads one line.
func (l *labelList) add(words []string) (class int, isNumber bool, err error) {
	word := words[0]
	if len(words) > 1 {
		word = words[1]
	}
	class, isNumber, err = parseClass(word)
	if err != nil {
		return 0, false, err
	}
	if len(words) == 1 {
		l.ordered = append(l.ordered, class)
		return class, isNumber, nil
	}
	name := bareName(words[0])
	if other, twice := l.named[name]; twice && other != class {
		return 0, false, fmt.Errorf("%q stands there twice, with the classes %d and %d", words[0], other, class)
	}
	l.named[name] = class
	return class, isNumber, nil
}

func parseClass(word string) (class int, isNumber bool, err error) {
	if class, ok := Index(word); ok {
		return class, false, nil
	}
	if isWordNetID(word) {
		return 0, false, fmt.Errorf("%s is none of the 1000 classes of ImageNet-1k", word)
	}
	class, err = strconv.Atoi(word)
	switch {
	case err != nil:
		return 0, false, fmt.Errorf("found %q, expected a class index from 0 to 999 or a WordNet id", word)
	case class == 1000:
		return 0, false, fmt.Errorf("found class 1000: %w", errDevkit)
	case class < 0 || class > 1000:
		return 0, false, fmt.Errorf("found class %d, expected 0 to 999", class)
	}
	return class, true, nil
}

// bareName is a file name without folders and extension, in one case.
func bareName(name string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.ToLower(strings.TrimSuffix(base, path.Ext(base)))
}

var validationName = regexp.MustCompile(`^ilsvrc2012_val_(\d{8})$`)

func isValidationImage(name string) bool { return validationName.MatchString(bareName(name)) }

// validationNumber is the number in ILSVRC2012_val_00000001, 0 where there is none.
func validationNumber(name string) int {
	match := validationName.FindStringSubmatch(bareName(name))
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(match[1])
	return n
}

// firstImageClass is the class of ILSVRC2012_val_00000001 (n01751748), whose
// number in the development kit is 490: the surest sign of a wrong list.
const firstImageClass, firstImageDevkit = 65, 490

// classes gives each image its class. Images are sorted by name.
func (l *labelList) classes(images []string) ([]int, error) {
	classes := make([]int, len(images))
	whole := len(l.ordered) == 50000
	for i, name := range images {
		number := validationNumber(name)
		switch class, ok := l.named[bareName(name)]; {
		case ok:
			classes[i] = class
		case len(l.named) > 0:
			return nil, fmt.Errorf("it has no line for %q; add the line or remove the image", name)
		case whole && number > 0 && number <= len(l.ordered): // a part of the images with the whole list
			classes[i] = l.ordered[number-1]
		case len(l.ordered) == len(images):
			classes[i] = l.ordered[i]
		default:
			return nil, fmt.Errorf("it has %d labels for %d images, expected one for each in the order of the sorted file names; take the list that belongs to the images",
				len(l.ordered), len(images))
		}
		if number == 1 && classes[i] != firstImageClass {
			if classes[i] == firstImageDevkit {
				return nil, fmt.Errorf("it gives %q the class %d, expected %d: %w", name, classes[i], firstImageClass, errDevkit)
			}
			return nil, fmt.Errorf("it gives %q the class %d, expected %d (n01751748): the list is in another order than the sorted file names; "+
				"take one that names the files", name, classes[i], firstImageClass)
		}
	}
	return classes, nil
}
