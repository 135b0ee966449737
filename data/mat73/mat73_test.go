package mat73_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/mat73"
	"github.com/robustvit/workbench/tests/hostile/matfile"
)

func openFile(t *testing.T, name string) *mat73.File {
	t.Helper()
	content := matfile.Fixture(t, name)
	if !mat73.Recognises(content[:64]) {
		t.Errorf("%s is not recognised", name)
	}
	file, err := mat73.New(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMembers: 42 names need several leaves in the tree of the group.
func TestMembers(t *testing.T) {
	file := openFile(t, "compact.mat")
	members, err := file.Members()
	if err != nil || len(members) != 42 || members[0].Name != "#refs#" || members[1].Name != "value" || members[41].Name != "variable039" {
		t.Fatalf("%d members %v, %v", len(members), members, err)
	}
	if !file.IsGroup(members[1].Ref) || file.IsGroup(members[41].Ref) {
		t.Error("value is a struct, variable039 is none")
	}
	d, err := file.Dataset(members[41].Ref)
	if err != nil || d.Type.String() != "double" || !slices.Equal(d.Dims, []int{1, 1}) {
		t.Fatalf("%+v, %v", d, err)
	}
	array, err := d.Read(8)
	if err != nil || array.Float(0) != 39 || array.Bytes() != nil {
		t.Errorf("variable039 is %+v, %v", array, err)
	}
	if _, err := d.Read(7); err == nil || !strings.Contains(err.Error(), "8 bytes") {
		t.Errorf("8 bytes where 7 are allowed: %v", err)
	}
}

func TestLookup(t *testing.T) {
	for _, name := range []string{"matlab.mat", "v108.mat", "latest_contiguous.mat"} {
		file := openFile(t, name)
		ref, err := file.Lookup("value/id")
		if err != nil {
			t.Fatal(err)
		}
		cells, err := file.Dataset(ref)
		if err != nil || cells.Type.String() != "cell" || cells.Len() != 3 {
			t.Fatalf("%+v, %v", cells, err)
		}
		array, err := cells.Read(1 << 10)
		if err != nil {
			t.Fatal(err)
		}
		text, err := file.Dataset(array.Ref(2))
		if err != nil || text.Type.String() != "uint16" {
			t.Fatalf("%+v, %v", text, err)
		}
		letters, err := text.Read(1 << 10)
		if err != nil {
			t.Fatal(err)
		}
		word := ""
		for i := range letters.Len() {
			word += string(rune(letters.Float(i)))
		}
		if word != "n00000002_1" {
			t.Errorf("%s: id 3 is %q", name, word)
		}
		missing := new(mat73.MissingError)
		if _, err := file.Lookup("value/mask"); !errors.As(err, &missing) || !slices.Equal(missing.Found, []string{"gt", "id", "img"}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLookup3 holds the hash against its author's published values.
func TestLookup3(t *testing.T) {
	for text, want := range map[string]uint32{"": 0xdeadbeef, "Four score and seven years ago": 0x17770551} {
		if got := mat73.Lookup3([]byte(text)); got != want {
			t.Errorf("Lookup3(%q) = %08x, expected %08x", text, got, want)
		}
	}
}
