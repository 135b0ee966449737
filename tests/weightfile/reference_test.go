package weightfile

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/weightfiles"
	"github.com/robustvit/workbench/weights"
)

var update = flag.Bool("update", false, "write testdata/verdicts.json anew; needs ROBUSTVIT_PYTHON")

// python runs the reference implementation where there is one.
func python(t *testing.T, args ...string) (there bool) {
	t.Helper()
	program := os.Getenv("ROBUSTVIT_PYTHON")
	if program == "" {
		return false
	}
	if text, err := exec.Command(program, append([]string{"testdata/reference.py"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return true
}

// verdicts asks the reference reader about each case; names are numbers, which
// any file system takes.
func verdicts(t *testing.T, cases []weightfiles.Case) map[string]bool {
	t.Helper()
	folder := t.TempDir()
	out := filepath.Join(t.TempDir(), "verdicts.json")
	args := []string{"judge", out}
	for i, c := range cases {
		path := filepath.Join(folder, fmt.Sprint(i))
		if err := os.WriteFile(path, c.Bytes, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if !python(t, args...) {
		return nil
	}
	var byNumber map[string]bool
	readJSON(t, out, &byNumber)
	byName := map[string]bool{}
	for i, c := range cases {
		byName[c.Name] = byNumber[fmt.Sprint(i)]
	}
	return byName
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingAcceptedThatTheReferenceRejects: on every file of the corpus. The
// verdicts of safetensors 0.8.0 are stored; where Python is, they are asked for again.
func TestNothingAcceptedThatTheReferenceRejects(t *testing.T) {
	const stored = "testdata/verdicts.json"
	cases := slices.Concat(weightfiles.Safetensors(), weightfiles.Foreign(), weightfiles.Valid())
	catalogue.Case(t, "W1", "the reference reader's verdicts", func(t *testing.T) {
		if now := verdicts(t, cases); now != nil {
			text, err := json.MarshalIndent(now, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, '\n')
			before, err := os.ReadFile(stored)
			if *update {
				err = os.WriteFile(stored, text, 0o644)
			} else if err == nil && !bytes.Equal(before, text) {
				t.Errorf("%s is not what the reference says today: look at the difference, then run with -update", stored)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		var reference map[string]bool
		readJSON(t, stored, &reference)
		stricter := 0
		for _, c := range cases {
			theirs, known := reference[c.Name]
			_, err := weights.Decode(bytes.NewReader(c.Bytes), int64(len(c.Bytes)), c.Name)
			switch ours := err == nil; {
			case !known:
				t.Errorf("%s: no verdict is stored; run with -update and ROBUSTVIT_PYTHON", c.Name)
			case ours && !theirs:
				t.Errorf("%s: accepted here, rejected by the reference", c.Name)
			case theirs && !ours:
				stricter++
				t.Logf("%s: accepted by the reference, refused here: %v", c.Name, err)
			}
		}
		t.Logf("%d files, %d accepted by the reference and refused here", len(cases), stricter)
	})
}

// everyType is what reference.py writes.
func everyType() *weights.File {
	f := &weights.File{Metadata: map[string]string{"k": "é\"<>&\u2028\x01"}}
	for _, e := range weightfiles.Elements {
		for rank := range 6 {
			if e.Bits == 6 || e.Bits == 4 && rank == 0 {
				continue // the reference reads F6 and does not write it; half a byte is no tensor
			}
			shape := slices.Clone([]int{2, 1, 3, 1, 2}[:rank])
			if e.Bits == 4 {
				shape[rank-1] *= 2
			}
			size := e.Bits
			for _, axis := range shape {
				size *= axis
			}
			data := make([]byte, size/8)
			for i := range data {
				data[i] = byte(i*37 + rank)
				if e.DType == "BOOL" {
					data[i] &= 1
				}
			}
			f.Tensors = append(f.Tensors, weights.Tensor{Name: fmt.Sprintf("%s/%d", e.DType, rank), DType: weights.DType(e.DType), Shape: shape, Data: data})
		}
	}
	return f
}

// TestEveryElementType: each in ranks 0 to 5, read as the reference wrote it and
// written as the reference does, byte for byte.
func TestEveryElementType(t *testing.T) {
	const stored = "testdata/reference.safetensors"
	theirs, err := weights.Read(stored)
	if err != nil {
		t.Fatal(err)
	}
	want := everyType()
	for _, e := range weightfiles.Elements {
		if e.Bits == 6 {
			continue
		}
		catalogue.Case(t, "W7", e.DType, func(t *testing.T) {
			for _, tensor := range want.Tensors {
				if string(tensor.DType) != e.DType {
					continue
				}
				got, ok := theirs.Get(tensor.Name)
				if !ok || got.DType != tensor.DType || !slices.Equal(got.Shape, tensor.Shape) || !bytes.Equal(got.Data, tensor.Data) {
					t.Errorf("%s: read %v, want %v", tensor.Name, got, tensor)
				}
			}
		})
	}
	catalogue.Case(t, "W7", "written as the reference writes", func(t *testing.T) {
		ours := write(t, filepath.Join(t.TempDir(), "ours.safetensors"), want)
		sameFiles(t, ours, stored)
		sameAgain(t, ours)
	})
}

// sameAgain has the reference read a file and write it again, where there is
// one: the same tensors at the same places. It writes metadata in any order.
func sameAgain(t *testing.T, path string) {
	t.Helper()
	again := filepath.Join(t.TempDir(), "again")
	if !python(t, "resave", path, again) {
		return
	}
	ours, err1 := weights.Read(path)
	theirs, err2 := weights.Read(again)
	if diff := cmp.Diff(ours, theirs); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("%s: %s (%v, %v)", path, diff, err1, err2)
	}
}

func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	one, err1 := os.ReadFile(a)
	two, err2 := os.ReadFile(b)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("%s and %s differ (%v, %v)", a, b, err1, err2)
	}
}

// TestExports: what is taken away has the model's bits, and two exports are the same bytes.
func TestExports(t *testing.T) {
	model, err := weights.Load(golden("vit.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for format, file := range map[string]string{"timm": "model.safetensors", "transformers": "model.safetensors", "safetensors": "model.safetensors", "npz": "model.npz"} {
		catalogue.Case(t, "W7", "export to "+format, func(t *testing.T) {
			dirs := []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
			for _, dir := range dirs {
				if got := catalogue.Run(t, nil, "export", "--weights", golden("vit.safetensors"), "--format", format, "--out", dir); got.Code != 0 {
					t.Fatal(got)
				}
			}
			entries, err := os.ReadDir(dirs[0])
			if err != nil || len(entries) < 2 {
				t.Fatalf("%d files (%v)", len(entries), err)
			}
			for _, entry := range entries {
				sameFiles(t, filepath.Join(dirs[0], entry.Name()), filepath.Join(dirs[1], entry.Name()))
				if filepath.Ext(entry.Name()) == ".safetensors" {
					sameAgain(t, filepath.Join(dirs[0], entry.Name()))
				}
			}
			exported, err := weights.Import(filepath.Join(dirs[0], file))
			if err == nil {
				exported, err = weights.ToTimm(exported)
			}
			if err != nil || exported.SHA256() != model.SHA256() {
				t.Errorf("other weights than the model's (%v)", err)
			}
		})
	}
}
