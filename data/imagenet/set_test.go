package imagenet

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

func open(t *testing.T, dir string) *Set {
	t.Helper()
	s, err := OpenSet(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Len() {
		sample, err := s.Load(i)
		if err != nil || sample.Image.Width != side || sample.Entry != s.Entry(i) {
			t.Fatalf("sample %d: %+v, %v", i, sample.Entry, err)
		}
	}
	if got := s.Classes(); len(got) != 1000 || got[65] != "n01751748" {
		t.Fatalf("%d classes", len(got))
	}
	return s
}

// entries are "ID class", the whole order of a set.
func entries(d data.Dataset) []string {
	var all []string
	for i := range d.Len() {
		e := d.Entry(i)
		all = append(all, fmt.Sprintf("%s %d", e.ID, e.Class))
	}
	return all
}

// first are folders of the first n classes of a subset.
func first(n int, subset string) []string {
	var folders []string
	for _, class := range Subset(subset)[:n] {
		folders = append(folders, Classes()[class])
	}
	return folders
}

func TestLayouts(t *testing.T) {
	for _, c := range []struct {
		folder string
		files  []string
		text   string // a label file, val.txt
		kind   string
		want   []string
	}{
		{folder: "val", files: []string{"n15075141/b.JPEG", "n01440764/z.JPEG", "n01440764/a.JPEG"}, kind: "ImageNet val, 2 folders named by WordNet id",
			want: []string{"val/n01440764/a 0", "val/n01440764/z 0", "val/n15075141/b 999"}},
		{folder: "ILSVRC2012_val", files: []string{"ILSVRC2012_val_00000002.JPEG", "ILSVRC2012_val_00000001.JPEG"}, text: "n01751748\nn09193705\n",
			kind: "ImageNet val, 2 images in one folder", want: []string{"val/ILSVRC2012_val_00000001 65", "val/ILSVRC2012_val_00000002 970"}},
		{folder: "imagenet-a", files: []string{"n01498041/0.01_a _ b_0.9.jpg", "n01531178/x.jpg"}, kind: "ImageNet-A, 2 folders named by WordNet id",
			want: []string{"imagenet-a/n01498041/0.01_a _ b_0.9 6", "imagenet-a/n01531178/x 11"}},
		{folder: "imagenet-r", files: []string{"n01443537/art_0.jpg"}, kind: "ImageNet-R", want: []string{"imagenet-r/n01443537/art_0 1"}},
		{folder: "sketch", files: []string{"n01440764/sketch_1.JPEG"}, kind: "ImageNet-Sketch", want: []string{"imagenet-sketch/n01440764/sketch_1 0"}},
		{folder: "imagenetv2-matched-frequency-format-val", files: []string{"10/a.jpeg", "2/a.jpeg", "999/a.jpeg", "0/a.jpeg"}, kind: "ImageNet-v2 matched-frequency, 4 folders named by class index",
			want: []string{"imagenet-v2/0/a 0", "imagenet-v2/2/a 2", "imagenet-v2/10/a 10", "imagenet-v2/999/a 999"}},
		{folder: "imagenetv2-top-images-format-val", files: []string{"n01440764/a.jpeg"}, kind: "ImageNet-v2 top images", want: []string{"imagenet-v2-top/n01440764/a 0"}},
		{folder: "imagenetv2-threshold0.7-format-val", files: []string{"7/a.jpeg"}, kind: "ImageNet-v2 threshold 0.7", want: []string{"imagenet-v2-threshold/7/a 7"}},
		{folder: "objectnet-1.0", files: []string{"images/chair/b.png", "images/alarm_clock/a.png", "images/air_freshener/c.png", "mappings/readme.txt"}, kind: "ObjectNet, 3 of ObjectNet's folders",
			want: []string{"objectnet/alarm_clock/a 409", "objectnet/chair/b 423"}},
		{folder: "si-rotation", files: []string{"ambulance/1.jpg", "mobile phone/2.jpg"}, kind: "SI-Score rotation, 2 folders named by label",
			want: []string{"si-rotation/ambulance/1 407", "si-rotation/mobile phone/2 487"}},
		{folder: "si-size", files: []string{"0.5/ambulance/1.jpg", "0.05/zebra/2.jpg"}, kind: "SI-Score size, 2 labels below",
			want: []string{"si-size/0.05/zebra/2 340", "si-size/0.5/ambulance/1 407"}},
		{folder: "photos", files: []string{"n01440764/a.JPEG"}, kind: "ImageNet layout, 1 folders", want: []string{"photos/n01440764/a 0"}},
	} {
		dir := filepath.Join(t.TempDir(), c.folder)
		put(t, dir, c.files...)
		if c.text != "" {
			write(t, filepath.Join(dir, "val.txt"), []byte(c.text))
		}
		s := open(t, dir)
		if got := entries(s); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, expected %q", c.folder, got, c.want)
		}
		if got := s.Facts.String(); !strings.HasPrefix(got, c.kind) {
			t.Errorf("%s was recognised as %q, expected %q", c.folder, got, c.kind)
		}
	}
}

// TestRecognisedByContent: the 200 folders say what a folder of any name holds.
func TestRecognisedByContent(t *testing.T) {
	for _, name := range []string{"imagenet-a", "imagenet-r"} {
		dir := filepath.Join(t.TempDir(), "download")
		for _, folder := range first(200, name) {
			put(t, dir, folder+"/1.jpg")
		}
		if s := open(t, dir); s.Name() != name || s.Facts.Classes != 200 {
			t.Errorf("%s was recognised as %s", name, s.Facts)
		}
	}
}

// TestOrderOfCreation: the file system's order does not matter.
func TestOrderOfCreation(t *testing.T) {
	names := []string{"n01440764/a.JPEG", "n01440764/b.JPEG", "n02012849/c.JPEG", "n15075141/d.JPEG"}
	var orders [][]string
	for range 2 {
		dir := filepath.Join(t.TempDir(), "val")
		put(t, dir, names...)
		orders = append(orders, entries(open(t, dir)))
		slices.Reverse(names)
	}
	if !slices.Equal(orders[0], orders[1]) {
		t.Errorf("%q, created the other way round %q", orders[0], orders[1])
	}
}

func TestStrayFilesAndPart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "val")
	put(t, dir, "n01440764/a.JPEG", "n01440764/Thumbs.db", ".DS_Store", "readme.txt")
	s := open(t, dir)
	if s.Len() != 1 || s.Stray() != 3 {
		t.Errorf("%d images, %d strays, expected 1 and 3", s.Len(), s.Stray())
	}
	if notes := strings.Join(s.Facts.Notes, "; "); !strings.Contains(notes, "1 of 50000 images, 1 of 1000 classes") || len(s.Facts.Faults) > 0 {
		t.Errorf("a part of a set is fine: notes %q, faults %q", notes, s.Facts.Faults)
	}
}

func TestObjectNetCounts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "objectnet-1.0")
	put(t, dir, "chair/a.png", "air_freshener/b.png", "air_freshener/c.png")
	s := open(t, dir)
	if s.Len() != 1 || s.Facts.LeftOut != 2 || !strings.Contains(s.Facts.Notes[0], "1 images used, 2 ignored") {
		t.Errorf("%d used, %+v", s.Len(), s.Facts)
	}
}

func TestFactors(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "si-score", "rotation")
	put(t, dir, "1/zebra/a.jpg", "21/ambulance/a.jpg")
	s := open(t, dir)
	for i := range s.Len() {
		want := map[int]string{407: "21", 340: "1"}[s.Entry(i).Class]
		if got := data.FactorOf(s, i); got != want {
			t.Errorf("%s: factor %q, expected %q", s.Entry(i).ID, got, want)
		}
	}
	dir = filepath.Join(t.TempDir(), "si-location")
	put(t, dir, "zebra/a.jpg")
	if got := data.FactorOf(open(t, dir), 0); got != "" {
		t.Errorf("a flat layout says no factor, got %q", got)
	}
}

func TestScoring(t *testing.T) {
	a := filepath.Join(t.TempDir(), "imagenet-a")
	put(t, a, "n01498041/x.jpg")
	o := filepath.Join(t.TempDir(), "objectnet")
	put(t, o, "chair/x.png")
	for _, c := range []struct {
		dir, protocol string
		classes       int
		accepted      []int
		side          int
		rule          string
	}{
		{a, "paper", 0, nil, side, "1000-way"}, {a, "native", 0, nil, side, "1000-way"}, {a, "timm", 200, nil, side, "200-way"},
		{o, "paper", 0, nil, side, "first mapped class"}, {o, "timm", 0, []int{423, 559, 765}, side - 4, "any mapped class"},
	} {
		d, scoring := data.Under(open(t, c.dir), c.protocol)
		sample, err := d.Load(0)
		if err != nil {
			t.Fatal(err)
		}
		var accepted []int
		if scoring.Accepted != nil {
			accepted = scoring.Accepted(0)
		}
		if len(scoring.Classes) != c.classes || !slices.Equal(accepted, c.accepted) || sample.Image.Width != c.side || !strings.Contains(scoring.Rule, c.rule) {
			t.Errorf("%s under %s: %d classes compete, accepted %v, %d pixels, rule %q", filepath.Base(c.dir), c.protocol, len(scoring.Classes), accepted, sample.Image.Width, scoring.Rule)
		}
	}
}

// TestCroppedPixels: the border goes, what is inside stays.
func TestCroppedPixels(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "objectnet")
	put(t, dir, "chair/x.png")
	whole, err := open(t, dir).Load(0)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := Cropped(open(t, dir), 2).Load(0)
	if err != nil {
		t.Fatal(err)
	}
	at := func(img *data.Image, x, y int) []uint8 { return img.Pix[3*(y*img.Width+x):][:3] }
	if !slices.Equal(at(whole.Image, 2, 2), at(cut.Image, 0, 0)) || !slices.Equal(at(whole.Image, side-3, side-3), at(cut.Image, side-5, side-5)) {
		t.Error("the corners of the cut image are not those 2 pixels inside")
	}
	if _, err := Cropped(open(t, dir), side).Load(0); err == nil {
		t.Error("an image smaller than its border gave no error")
	}
}

func TestFileGoneBetweenListingAndReading(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "val")
	put(t, dir, "n01440764/a.JPEG")
	s := open(t, dir)
	if err := os.Remove(filepath.Join(dir, "n01440764", "a.JPEG")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(0); err == nil || !strings.Contains(err.Error(), "a.JPEG") {
		t.Errorf("%v, expected an error that names the file", err)
	}
}
