package data_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
)

// tree writes small pictures (and text for other names) under a fresh folder.
func tree(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range names {
		content := []byte("some text\n")
		if strings.HasSuffix(name, ".png") || strings.HasSuffix(name, ".JPG") {
			content = grayPNG(t, 6, 4, uint8(i+1), 0)
		}
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	return dir
}

func ids(d data.Dataset) []string {
	var out []string
	for i := range d.Len() {
		out = append(out, d.Entry(i).ID)
	}
	return out
}

func TestFolderOrderAndStrayFiles(t *testing.T) {
	dir := tree(t, "val/dog/b.png", "val/dog/a.JPG", "val/cat/10.png", "val/cat/9.png", "val/dog/notes.txt", "val/.DS_Store",
		"val/cat/Thumbs.db", "val/cat/.hidden.png", "val/__MACOSX/cat/x.png", "val/README")
	d, err := data.OpenFolder(filepath.Join(dir, "val"), data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(d), []string{"val/cat/10", "val/cat/9", "val/dog/a", "val/dog/b"}; !slices.Equal(got, want) {
		t.Errorf("samples %v, want %v", got, want)
	}
	if got := d.Entry(2).Class; got != 1 || !slices.Equal(d.Classes(), []string{"cat", "dog"}) {
		t.Errorf("class %d of %v", got, d.Classes())
	}
	report, err := data.Check(context.Background(), d)
	if err != nil || report.Listed != 10 || report.Used != 4 || report.Skipped != 6 || len(report.Refused) != 0 {
		t.Errorf("report %+v, %v; want 10 listed, 4 used, 6 skipped", report, err)
	}
	if report.SmallestSide != 4 || report.LargestSide != 6 {
		t.Errorf("sides %d to %d, want 4 to 6", report.SmallestSide, report.LargestSide)
	}
}

// The listing order of the file system decides nothing.
func TestFolderOrderDoesNotDependOnCreation(t *testing.T) {
	names := []string{"s/a/1.png", "s/a/2.png", "s/b/1.png", "s/c/3.png", "s/c/1.png"}
	first := tree(t, names...)
	slices.Reverse(names)
	second := tree(t, names...)
	var got [2][]string
	for i, dir := range []string{first, second} {
		d, err := data.OpenFolder(filepath.Join(dir, "s"), data.FolderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got[i] = ids(d)
	}
	if !slices.Equal(got[0], got[1]) {
		t.Errorf("order differs: %v and %v", got[0], got[1])
	}
}

func TestClassListFixesTheIndices(t *testing.T) {
	dir := tree(t, "d/cat/1.png", "d/dog/1.png")
	write(t, filepath.Join(dir, "d", "classes.txt"), []byte("\xef\xbb\xbfdog\r\n\r\ncat\r\n"))
	d, err := data.OpenFolder(filepath.Join(dir, "d"), data.FolderOptions{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(d), []string{"test/dog/1", "test/cat/1"}; !slices.Equal(got, want) {
		t.Errorf("samples %v, want %v", got, want)
	}
}

func TestFolderFaults(t *testing.T) {
	for name, test := range map[string]struct {
		names   []string
		options data.FolderOptions
		prepare func(dir string) error
		want    []string
	}{
		"missing":            {nil, data.FolderOptions{}, func(dir string) error { return os.Remove(dir) }, []string{"no such folder"}},
		"no class":           {[]string{"d/readme.txt"}, data.FolderOptions{}, nil, []string{"no class folder"}},
		"images at root":     {[]string{"d/cat/1.png", "d/2.png", "d/3.png"}, data.FolderOptions{}, nil, []string{`"2.png", "3.png"`, "beside the class folders"}},
		"empty class":        {[]string{"d/cat/1.png", "d/dog/notes.txt"}, data.FolderOptions{}, nil, []string{`"dog"`, "no image"}},
		"nested":             {[]string{"d/cat/1.png", "d/cat/more/2.png"}, data.FolderOptions{}, nil, []string{`"cat"`, `"more"`}},
		"missing class":      {[]string{"d/cat/1.png"}, data.FolderOptions{Classes: []string{"cat", "dog"}}, nil, []string{"1 of 2 classes", `"dog"`}},
		"extra class":        {[]string{"d/cat/1.png", "d/dogs/1.png"}, data.FolderOptions{Classes: []string{"cat", "dog"}}, nil, []string{`"dogs"`, `did you mean "dog"`}},
		"nothing fits":       {[]string{"d/n01/1.png"}, data.FolderOptions{Classes: []string{"cat", "dog"}, Partial: true}, nil, []string{`"n01"`}},
		"case":               {[]string{"d/cat/1.png", "d/Cat/1.png"}, data.FolderOptions{}, nil, []string{"differ only in case"}},
		"accents":            {[]string{"d/caf\u00e9/1.png", "d/cafe\u0301/1.png"}, data.FolderOptions{}, nil, []string{"accents"}},
		"one stem":           {[]string{"d/cat/1.png", "d/cat/1.JPG"}, data.FolderOptions{}, nil, []string{`"1.JPG"`, `"1.png"`}},
		"line break":         {[]string{"d/cat/a\nb.png"}, data.FolderOptions{}, nil, []string{`"a\nb.png"`}},
		"bad class list":     {[]string{"d/cat/1.png", "d/classes.txt"}, data.FolderOptions{}, nil, []string{`"some text"`, `"cat"`}},
		"twice in the list":  {[]string{"d/cat/1.png"}, data.FolderOptions{}, list("cat\ncat\n"), []string{"twice"}},
		"slash in the list":  {[]string{"d/cat/1.png"}, data.FolderOptions{}, list("../cat\n"), []string{`"../cat"`}},
		"empty list":         {[]string{"d/cat/1.png"}, data.FolderOptions{}, list("\n"), []string{"empty"}},
		"file link outside":  {[]string{"d/cat/1.png", "out.png"}, data.FolderOptions{}, link("../../out.png", "cat/2.png"), []string{`"cat/2.png"`, "link"}},
		"class link outside": {[]string{"d/cat/1.png", "other/1.png"}, data.FolderOptions{}, link("../other", "dog"), []string{`"dog"`, "link"}},
		"link loop":          {[]string{"d/cat/1.png"}, data.FolderOptions{}, link("loop.png", "cat/loop.png"), []string{`"cat/loop.png"`}},
		"named pipe": {[]string{"d/cat/1.png"}, data.FolderOptions{},
			func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "cat", "2.png"), 0o644) }, []string{`"cat/2.png"`, "named pipe"}},
		"a file": {nil, data.FolderOptions{}, func(dir string) error {
			_ = os.Remove(dir)
			return os.WriteFile(dir, nil, 0o644)
		}, []string{"it is a file"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(tree(t, test.names...), "d")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if test.prepare != nil {
				if err := test.prepare(dir); err != nil {
					t.Skip(err)
				}
			}
			_, err := data.OpenFolder(dir, test.options)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range append(test.want, dir, ";") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
		})
	}
}

func list(text string) func(string) error {
	return func(dir string) error { return os.WriteFile(filepath.Join(dir, "classes.txt"), []byte(text), 0o644) }
}

func link(target, name string) func(string) error {
	return func(dir string) error {
		return os.Symlink(filepath.FromSlash(target), filepath.Join(dir, filepath.FromSlash(name)))
	}
}

func TestLinksInsideAreFollowed(t *testing.T) {
	dir := filepath.Join(tree(t, "d/cat/1.png"), "d")
	if err := link("cat", "dog")(dir); err != nil {
		t.Skip(err)
	}
	d, err := data.OpenFolder(dir, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load(1); err != nil || d.Len() != 2 {
		t.Errorf("%d samples, %v", d.Len(), err)
	}
}

// A sample that went bad after listing is named; it is never replaced.
func TestBadSamplesAreReported(t *testing.T) {
	dir := filepath.Join(tree(t, "d/cat/1.png", "d/cat/2.png", "d/cat/3.png", "d/cat/4.png"), "d")
	d, err := data.OpenFolder(dir, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cat", "2.png"), []byte("text"))
	if err := os.Remove(filepath.Join(dir, "cat", "3.png")); err != nil {
		t.Fatal(err)
	}
	report, err := data.Check(context.Background(), d)
	if err != nil || report.Used != 2 || len(report.Refused) != 2 || report.Used+report.Skipped+len(report.Refused) != report.Listed {
		t.Fatalf("report %+v, %v", report, err)
	}
	if !slices.Equal(report.Indices, []int{0, 3}) {
		t.Errorf("used samples %v, want 0 and 3", report.Indices)
	}
	for i, want := range []string{"2.png", "3.png"} {
		if p := report.Refused[i]; !strings.Contains(p.Reason, filepath.Join(dir, "cat", want)) {
			t.Errorf("problem %+v does not name %s", p, want)
		}
	}
}

func TestFolderMasks(t *testing.T) {
	dir := tree(t, "d/cat/1.png", "d/cat/2.png", "d/dog/1.png", "d_masks/cat/1.png", "d_masks/cat/9.png", "d_masks/dog/1.png", "other/cat/2.png", "none/cow/1.png")
	write(t, filepath.Join(dir, "d_masks", "dog", "1.png"), grayPNG(t, 5, 5, 0, 255))
	d, err := data.OpenFolder(filepath.Join(dir, "d"), data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := d.Load(0); err != nil || s.Mask == nil || s.Mask.Width != 6 {
		t.Errorf("mask %+v, %v", s.Mask, err)
	}
	if s, err := d.Load(1); err != nil || s.Mask != nil {
		t.Errorf("sample without a mask file: %+v, %v", s.Mask, err)
	}
	for i, want := range []bool{true, false, true} {
		if has, err := data.HasMask(d, i); has != want || err != nil {
			t.Errorf("HasMask(%d) = %v, %v", i, has, err)
		}
	}
	_, err = d.Load(2)
	for _, want := range []string{"5 x 5", "6 x 4", filepath.Join("d_masks", "dog", "1.png"), filepath.Join("d", "dog", "1.png")} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
	if report, err := data.Check(context.Background(), d); err != nil || report.ExtraMasks != 1 || report.Masks != 1 || len(report.Refused) != 1 {
		t.Errorf("report %+v, %v", report, err)
	}
	other, err := data.MasksFrom(d, filepath.Join(dir, "other"))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := other.Load(1); err != nil || s.Mask == nil {
		t.Errorf("mask of the other folder: %+v, %v", s.Mask, err)
	}
	if s, err := other.Load(0); err != nil || s.Mask != nil {
		t.Errorf("the first folder's mask shines through: %+v, %v", s.Mask, err)
	}
	for _, bad := range []string{"none", "nowhere"} {
		if _, err := data.MasksFrom(d, filepath.Join(dir, bad)); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: error %v", bad, err)
		}
	}
}

func TestOpenRoot(t *testing.T) {
	dir := tree(t, "train/cat/1.png", "train/dog/1.png", "train_masks/cat/1.png", "zoo/dog/1.png", "si-size/cat/1.png", "imagenet-a/dog/1.png",
		"val/cat/1.png", "val/dog/1.png", "val_masks/dog/1.png", "readme.txt")
	c, err := data.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.SetNames(), []string{"val", "imagenet-a", "si-size", "zoo"}; !slices.Equal(got, want) {
		t.Errorf("sets %v, want %v", got, want)
	}
	a, err := c.Set("imagenet-a")
	if err != nil || a.Len() != 1 || a.Entry(0).Class != 1 {
		t.Errorf("imagenet-a: %v, %v", a, err)
	}
	if s, err := c.Segmentation(); err != nil || s == nil || s.Name() != "val" {
		t.Errorf("segmentation set %v, %v", s, err)
	}
	if train, err := c.Train(); err != nil || train.Len() != 2 {
		t.Errorf("train %v, %v", train, err)
	}
	if _, err := c.Set("nope"); err == nil || !strings.Contains(err.Error(), "zoo") {
		t.Errorf("error %v", err)
	}
	for name, test := range map[string]struct {
		names []string
		want  string
	}{
		"no train":          {[]string{"val/cat/1.png"}, `no folder "train"`},
		"train misspelt":    {[]string{"trian/cat/1.png", "val/cat/1.png"}, `rename "trian"`},
		"nothing":           {[]string{"readme.txt"}, "no folder"},
		"nothing to test":   {[]string{"train/cat/1.png"}, "val or test"},
		"val lacks a class": {[]string{"train/cat/1.png", "train/dog/1.png", "val/cat/1.png"}, `"dog"`},
		"other class":       {[]string{"train/cat/1.png", "val/kat/1.png"}, `did you mean "cat"`},
	} {
		if _, err := data.OpenRoot(tree(t, test.names...)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

// The generated default and its copy on disk are the same data: names, order,
// pixels, masks.
func TestWrittenShapesReadBackTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 600 files")
	}
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "shapes")
	generated := shapes.NewCollection(shapes.Options{TrainImages: 41, EvalImages: 21})
	if err := shapes.Write(ctx, dir, generated, nil); err != nil {
		t.Fatal(err)
	}
	written, err := data.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(written.SetNames(), generated.SetNames()) || !slices.Equal(written.Classes(), generated.Classes()) {
		t.Fatalf("sets %v, want %v", written.SetNames(), generated.SetNames())
	}
	pairs := map[string][2]func() (data.Dataset, error){
		"train":        {generated.Train, written.Train},
		"segmentation": {generated.Segmentation, written.Segmentation},
	}
	for _, name := range generated.SetNames() {
		pairs[name] = [2]func() (data.Dataset, error){
			func() (data.Dataset, error) { return generated.Set(name) },
			func() (data.Dataset, error) { return written.Set(name) },
		}
	}
	for name, open := range pairs {
		var manifests [2][]data.ManifestItem
		for i := range open {
			d, err := open[i]()
			if err != nil || d == nil {
				t.Fatal(name, err)
			}
			if manifests[i], err = data.BuildManifest(ctx, d, nil); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(manifests[0], manifests[1]) {
			t.Errorf("%s: the written data set differs from the generated one", name)
		}
		if manifests[0][0].MaskSHA256 == "" {
			t.Errorf("%s: no mask", name)
		}
	}
}
