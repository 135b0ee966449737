package imagenet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// valNames are the first validation images.
func valNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("ILSVRC2012_val_%08d.JPEG", i+1)
	}
	return names
}

func TestLabelFileForms(t *testing.T) {
	want := []int{65, 970, 230}
	for name, content := range map[string]string{
		"indices by line":   "65\n970\n230\n",
		"WordNet by line":   "n01751748\nn09193705\nn02105855\n",
		"file and index":    "ILSVRC2012_val_00000003.JPEG 230\nILSVRC2012_val_00000001.JPEG 65\r\nILSVRC2012_val_00000002.JPEG\t970",
		"Kaggle":            "ImageId,PredictionString\nILSVRC2012_val_00000002,n09193705 1 2 3 4\nILSVRC2012_val_00000001,n01751748 9 9 9 9\nILSVRC2012_val_00000003,n02105855 0 0 1 1\n",
		"byte order mark":   "\xef\xbb\xbf65\n970\n\n230",
		"folders and cases": "val/ilsvrc2012_VAL_00000001.jpeg 65\nval/ILSVRC2012_val_00000002.JPEG 970\nval/ILSVRC2012_val_00000003.JPEG 230",
	} {
		list, err := parseLabels([]byte(content))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := list.classes(valNames(3)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: classes %v, %v; expected %v", name, got, err, want)
		}
	}
}

// TestWholeListForAPart: the number in the name finds the line.
func TestWholeListForAPart(t *testing.T) {
	var lines strings.Builder
	for i := range 50000 {
		fmt.Fprintln(&lines, (i+65)%1000)
	}
	list, err := parseLabels([]byte(lines.String()))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"ILSVRC2012_val_00000001.JPEG", "ILSVRC2012_val_00000940.JPEG"}
	if got, err := list.classes(names); err != nil || !slices.Equal(got, []int{65, 4}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestLabelFileFaults(t *testing.T) {
	devkit := strings.Repeat("490\n361\n171\n", 1)
	for _, c := range []struct{ name, content, says string }{
		{"development kit, first image", devkit, "development kit"},
		{"development kit, class 1000", "490\n1000\n171\n", "development kit"},
		{"shuffled", "970\n65\n230\n", "expected 65"},
		{"too few", "65\n970\n", "2 labels for 3 images"},
		{"too many", "65\n970\n230\n1\n", "4 labels for 3 images"},
		{"a name missing", "ILSVRC2012_val_00000001.JPEG 65\n", "no line for"},
		{"a name twice", "ILSVRC2012_val_00000001.JPEG 65\nILSVRC2012_val_00000001.JPEG 66\n", "twice"},
		{"both forms", "65\nILSVRC2012_val_00000002.JPEG 970\n", "one form throughout"},
		{"negative", "-1\n", "0 to 999"},
		{"beyond", "65\n1001\n", "0 to 999"},
		{"words", "tench\n", "class index"},
		{"another WordNet id", "n00000001\n", "none of the 1000"},
		{"empty", "\n", "no label"},
		{"one long line", strings.Repeat("9", 1<<17), "line 1"},
	} {
		list, err := parseLabels([]byte(c.content))
		if err == nil {
			_, err = list.classes(valNames(3))
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, expected %q", c.name, err, c.says)
		}
	}
	if _, err := parseLabels([]byte(strings.Repeat("1\n", 50000))); !errors.Is(err, errDevkit) {
		t.Errorf("50,000 labels without a 0: %v", err)
	}
}

// FuzzParseLabels: any text gives classes in range or an error, and never more
// classes than lines.
func FuzzParseLabels(f *testing.F) {
	for _, seed := range []string{"65\n970\n230\n", "n01751748\n", "a.JPEG 3\nb.JPEG,4\n", "ImageId,PredictionString\nx,n01440764 1 2 3 4\n", "\xef\xbb\xbf1", "1000", "-1", "\x00", "a b c\n\n\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		list, err := parseLabels(content)
		if err != nil {
			return
		}
		n := len(list.ordered) + len(list.named)
		if n == 0 || n > strings.Count(string(content), "\n")+1 {
			t.Fatalf("%d labels", n)
		}
		for _, class := range list.ordered {
			if class < 0 || class > 999 {
				t.Fatalf("class %d", class)
			}
		}
		classes, err := list.classes(valNames(3))
		if err == nil && (len(classes) != 3 || slices.Min(classes) < 0 || slices.Max(classes) > 999) {
			t.Fatalf("classes %v", classes)
		}
	})
}
