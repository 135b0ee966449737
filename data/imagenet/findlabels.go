package imagenet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
)

// labelFileNames are the usual names of the validation labels, the safest first:
// those that name the files, then WordNet ids by line, then indices by line.
func labelFileNames() []string {
	return []string{"loc_val_solution.csv", "val.txt", "val_map.txt", "imagenet_2012_validation_synset_labels.txt", "val_labels.txt",
		"ilsvrc2012_val_labels.txt", "labels.txt", "synset_labels.txt", devkitFile}
}

const devkitFile = "ilsvrc2012_validation_ground_truth.txt"

// findLabels reads the label file in the folder of the validation images or
// beside it.
func findLabels(dir string) (list *labelList, file string, err error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, "", err
	}
	for _, folder := range []string{dir, filepath.Dir(absolute)} {
		name, err := labelFileIn(folder)
		if err != nil {
			return nil, "", err
		}
		if name == "" {
			continue
		}
		file := filepath.Join(folder, name)
		if folder != dir { // the user's own writing of the path
			file = filepath.Join(dir, "..", name)
		}
		if strings.EqualFold(name, devkitFile) {
			return nil, "", fmt.Errorf("label file %q: %w", file, errDevkit)
		}
		content, err := data.ReadInside(folder, name)
		if err != nil {
			return nil, "", fmt.Errorf("label file %q: %w", file, err)
		}
		list, err := parseLabels(content)
		if err != nil {
			return nil, "", fmt.Errorf("label file %q: %w", file, err)
		}
		return list, file, nil
	}
	return nil, "", errors.New("it holds images without class folders and no label file was found in it or beside it; expected val.txt (file and class a line), " +
		"LOC_val_solution.csv or imagenet_2012_validation_synset_labels.txt, or one folder a class")
}

// labelFileIn finds a label file by its usual name, or the only text file.
func labelFileIn(folder string) (string, error) {
	entries, err := os.ReadDir(folder) // sorted
	if err != nil {
		return "", fmt.Errorf("look for a label file: %w", err)
	}
	best, place := "", len(labelFileNames())
	var texts []string
	for _, entry := range entries {
		name := strings.ToLower(entry.Name())
		if i := slices.Index(labelFileNames(), name); i >= 0 && i < place {
			best, place = entry.Name(), i
		}
		if ext := filepath.Ext(name); ext == ".txt" && strings.Contains(name, "label") || ext == ".csv" && strings.Contains(name, "val") {
			texts = append(texts, entry.Name())
		}
	}
	if best == "" && len(texts) == 1 {
		best = texts[0]
	}
	return best, nil
}
