package pictures

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/tests/catalogue"
)

// all are the images of this name, one in each of the first n class folders of a set.
func all(n int, subset, file string) (files []string) {
	for _, class := range imagenet.Subset(subset)[:n] {
		files = append(files, imagenet.Classes()[class]+file)
	}
	return files
}

// valFiles are the first n validation images.
func valFiles(n int) (files []string) {
	for i := range n {
		files = append(files, fmt.Sprintf("ILSVRC2012_val_%08d.JPEG", i+1))
	}
	return files
}

// TestWrongLayouts: a published set under a wrong name, numbering or mapping
// gives one message that says what is wrong and what to do.
func TestWrongLayouts(t *testing.T) {
	for _, c := range []struct {
		name, folder string
		files        []string
		texts        map[string]string
		says         []string
	}{
		{name: "200 classes read as 1000", folder: "val", files: all(200, "imagenet-a", "/1.jpg"), says: []string{"exactly the 200 classes of imagenet-a", "rename"}},
		{name: "R under A's name", folder: "imagenet-a", files: all(200, "imagenet-r", "/1.jpg"), says: []string{"exactly the 200 classes of imagenet-r"}},
		{name: "a class of another set", folder: "imagenet-a", files: []string{"n01498041/a.jpg", "n01440764/b.jpg"}, says: []string{`"n01440764"`, "not of this set"}},
		{name: "numbers for WordNet ids", folder: "imagenet-a", files: []string{"0/a.jpg", "1/a.jpg"}, says: []string{"folders named by number", "200 folders named by WordNet id"}},
		{name: "a number beside WordNet ids", folder: "val", files: []string{"n01440764/a.jpg", "n01443537/a.jpg", "7/a.jpg"}, says: []string{`"7"`, "numbers stand beside names"}},
		{name: "v2 numbered from 1", folder: "imagenetv2-matched-frequency", files: []string{"1/a.jpg", "2/a.jpg", "1000/a.jpg"}, says: []string{`"1000"`, "0 to 999"}},
		{name: "v2, one class twice", folder: "imagenetv2-matched-frequency", files: []string{"1/a.jpg", "01/a.jpg"}, says: []string{"the same class 1"}},
		{name: "nested twice", folder: "mine", files: []string{"mine/n01443537/a.jpg"}, says: []string{"holds only the folder", "give"}},
		{name: "nested in a class", folder: "val", files: []string{"n01440764/images/a.JPEG"}, says: []string{`"n01440764/images"`, "move them up"}},
		{name: "unknown WordNet id", folder: "val", files: []string{"n01440764/a.JPEG", "n01443537/a.JPEG", "n99999999/b.JPEG"}, says: []string{"n99999999", "not among the 1000"}},
		{name: "mistyped ObjectNet folder", folder: "objectnet", files: []string{"chair/a.png", "banana/a.png", "bananna/a.png"}, says: []string{`did you mean "banana"`}},
		{name: "mistyped SI label", folder: "si-size", files: []string{"zebra/a.jpg", "ambulance/a.jpg", "zebr/a.jpg"}, says: []string{`did you mean "zebra"`}},
		{name: "an image beside the classes", folder: "val", files: []string{"n01440764/a.JPEG", "stray.JPEG"}, says: []string{`"stray.JPEG"`, "class"}},
		{name: "an empty class", folder: "val", files: []string{"n01440764/a.JPEG", "n01443537/readme.txt"}, says: []string{`"n01443537" holds no image`}},
		{name: "two extensions", folder: "val", files: []string{"n01440764/a.JPEG", "n01440764/a.png"}, says: []string{"differ before the extension"}},
		{name: "flat without labels", folder: "val", files: valFiles(2), says: []string{"no label file", "LOC_val_solution.csv"}},
		{name: "the development kit's file", folder: "val", files: valFiles(2), texts: map[string]string{"ILSVRC2012_validation_ground_truth.txt": "490\n361\n"}, says: []string{"development kit", "another order"}},
		{name: "the development kit's numbers", folder: "val", files: valFiles(2), texts: map[string]string{"labels.txt": "490\n361\n"}, says: []string{"development kit", "expected 65"}},
		{name: "too few labels", folder: "val", files: valFiles(3), texts: map[string]string{"labels.txt": "65\n970\n"}, says: []string{"2 labels for 3 images"}},
		{name: "labels for other files", folder: "val", files: valFiles(1), texts: map[string]string{"val.txt": "other.JPEG 3\n"}, says: []string{"no line for"}},
		{name: "ObjectNet under R's name", folder: "imagenet-r", files: []string{"chair/a.png", "alarm_clock/b.png"}, says: []string{"folders named like ObjectNet's", "rename"}},
		{name: "no image at all", folder: "val", files: []string{"n01440764/readme.txt"}, says: []string{"holds no image"}},
	} {
		catalogue.Case(t, "I8", c.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range c.files {
				content := []byte("no picture") // names decide
				write(t, dir, c.folder+"/"+name, content)
			}
			for name, text := range c.texts {
				write(t, dir, c.folder+"/"+name, []byte(text))
			}
			catalogue.Refused(t, append(c.says, c.folder), "data", "check", "--quick", filepath.Join(dir, c.folder))
		})
	}
}
