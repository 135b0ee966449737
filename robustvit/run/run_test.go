package run

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/weights"
)

// settings is a config as a package of ours would have it.
type settings struct {
	Model  string    `json:"model"`
	Rate   float64   `json:"rate"`
	Seed   uint64    `json:"seed"`
	Epochs int       `json:"epochs"`
	Loss   lossTerms `json:"loss"`
	Class  []int     `json:"classes"`
}

type lossTerms struct {
	Background float64 `json:"background"`
}

func testSettings() settings {
	return settings{Model: "vit_micro", Rate: 4e-5, Seed: 1<<53 + 1, Epochs: 3, Loss: lossTerms{2}, Class: []int{1, 4}}
}

type entry struct {
	Step int     `json:"step"`
	Loss float64 `json:"loss"`
}

// toyState stands for weights and optimizer after so many steps.
func toyState(step int) *weights.File {
	values := make([]float32, 64)
	for i := range values {
		values[i] = float32(math.Sin(float64(step*64 + i)))
	}
	return &weights.File{
		Tensors:  []weights.Tensor{weights.Float32Tensor("blocks.0.attn.qkv.weight", []int{8, 8}, values)},
		Metadata: map[string]string{"step": "toy"},
	}
}

func mustCreate(t *testing.T, dir string) *Run {
	t.Helper()
	r, err := Create(dir, testSettings(), "epochs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func mustResume(t *testing.T, r *Run) (*weights.File, Checkpoint, []string) {
	t.Helper()
	state, at, warnings, err := r.Resume()
	if err != nil {
		t.Fatal(err)
	}
	return state, at, warnings
}

// steps logs and saves the given steps.
func steps(t *testing.T, r *Run, from, to int) {
	t.Helper()
	for s := from; s <= to; s++ {
		if err := r.Append(entry{s, 1 / float64(s)}); err != nil {
			t.Fatal(err)
		}
		if err := r.SaveCheckpoint(Checkpoint{Step: s, Epoch: s / 2, Batch: s % 2, Seed: 7}, toyState(s)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSaveAndResume(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "run")
	r := mustCreate(t, dir)
	if state, at, warnings := mustResume(t, r); state != nil || at.Step != 0 || warnings != nil {
		t.Fatalf("a new run resumes at %+v, %q", at, warnings)
	}
	steps(t, r, 1, 4)
	if err := r.Append(entry{5, 0.25}); err != nil { // after the save: lost in a kill
		t.Fatal(err)
	}
	r.Close()

	r = mustCreate(t, dir)
	state, at, warnings := mustResume(t, r)
	if warnings != nil || at.Step != 4 || at.Epoch != 2 || at.Seed != 7 {
		t.Fatalf("resumed at %+v, warnings %q", at, warnings)
	}
	if diff := cmp.Diff(toyState(4), state); diff != "" {
		t.Fatalf("state differs (-saved +loaded):\n%s", diff)
	}
	steps(t, r, 5, 6)
	got, err := ReadLines[entry](r, LogFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 6 || got[4].Loss != 0.2 {
		t.Errorf("log after resume: %v", got)
	}
	names, _ := filepath.Glob(filepath.Join(dir, checkpointsDir, "*"))
	if len(names) != 2 {
		t.Errorf("checkpoints kept: %q, want the last two", names)
	}
}

func TestCreateComparesConfig(t *testing.T) {
	dir := t.TempDir()
	r := mustCreate(t, dir)
	if err := r.Done(map[string]int{"top1": 90}); err != nil {
		t.Fatal(err)
	}
	r.Close()

	more := testSettings()
	more.Epochs = 9
	r, err := Create(dir, more, "epochs")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Difference{{"epochs", "3", "9"}}, r.Changed()); diff != "" {
		t.Error(diff)
	}
	if r.IsDone() {
		t.Error("more epochs are asked, but the run still counts as finished")
	}
	r.Close()

	other := more
	other.Rate, other.Seed, other.Loss.Background, other.Class = 8e-5, 1<<53, 1, []int{1}
	_, err = Create(dir, other, "epochs")
	if err == nil {
		t.Fatal("another config was accepted")
	}
	for _, want := range []string{"rate: 0.00004 in the folder, 0.00008 now", "loss.background: 2 in the folder, 1 now",
		"seed: 9007199254740993 in the folder, 9007199254740992 now", "classes[1]: 4 in the folder, (absent) now"} {
		if !strings.Contains(strings.ReplaceAll(err.Error(), "4e-05", "0.00004"), want) &&
			!strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
}

func TestCreateRefusesForeignFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cat.jpg"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir, testSettings()); err == nil || !strings.Contains(err.Error(), "cat.jpg") {
		t.Errorf("got %v, want an error that names cat.jpg", err)
	}
	if _, err := Create(filepath.Join(dir, "cat.jpg"), testSettings()); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestAppendRules(t *testing.T) {
	r := mustCreate(t, t.TempDir())
	if err := r.Append(entry{1, 1}); err == nil || !strings.Contains(err.Error(), "Resume") {
		t.Errorf("append before Resume: %v", err)
	}
	mustResume(t, r)
	for _, c := range []struct {
		entry any
		want  string
	}{
		{entry{3, 1}, ""},
		{entry{3, 2}, ""}, // an epoch's entry after its last step
		{entry{2, 1}, "step 2 after step 3"},
		{map[string]float64{"loss": 1}, `without an integer "step"`},
		{entry{4, math.NaN()}, "NaN"},
		{"text", `"step"`},
	} {
		err := r.Append(c.entry)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v: got error %v, want %q", c.entry, err, c.want)
		}
	}
	if err := r.SaveCheckpoint(Checkpoint{Step: 3}, toyState(3)); err != nil {
		t.Fatal(err)
	}
	if err := r.Append(entry{3, 3}); err == nil || !strings.Contains(err.Error(), "log first, then save") {
		t.Errorf("an entry behind its checkpoint: %v", err)
	}
	text, _ := os.ReadFile(r.Path(LogFile))
	if want := "{\"step\":3,\"loss\":1}\n{\"step\":3,\"loss\":2}\n"; string(text) != want {
		t.Errorf("log %q, want %q", text, want)
	}
}

func TestOpenReadsOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "not a run folder") {
		t.Errorf("open of an empty folder: %v", err)
	}
	w := mustCreate(t, dir)
	mustResume(t, w)
	steps(t, w, 1, 2)
	r, err := Open(dir) // while the writer holds the lock
	if err != nil {
		t.Fatal(err)
	}
	var c settings
	if err := r.Config(&c); err != nil || c.Seed != 1<<53+1 {
		t.Errorf("config %+v, error %v", c, err)
	}
	if state, at, _, err := r.Latest(); err != nil || at.Step != 2 || state == nil {
		t.Errorf("latest: %+v, %v", at, err)
	}
	for name, err := range map[string]error{
		"Append": r.Append(entry{3, 1}), "WriteFile": r.WriteFile("x", nil), "Timing": r.Timing(entry{}),
		"SaveCheckpoint": r.SaveCheckpoint(Checkpoint{Step: 3}, toyState(3)),
	} {
		if err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPinRefusesOtherSamples(t *testing.T) {
	r := mustCreate(t, t.TempDir())
	if err := r.Pin(ManifestFile, []byte("{\"image\":\"a\"}\n{\"image\":\"b\"}\n")); err != nil {
		t.Fatal(err)
	}
	if err := r.Pin(ManifestFile, []byte("{\"image\":\"a\"}\n{\"image\":\"b\"}\n")); err != nil {
		t.Error(err)
	}
	for data, want := range map[string]string{
		"{\"image\":\"a\"}\n{\"image\":\"c\"}\n":                    `line 2 on: the run has {"image":"b"}, now it is {"image":"c"}`,
		"{\"image\":\"a\"}\n":                                       `line 2 on: the run has {"image":"b"}, now it is (end of file)`,
		"{\"image\":\"a\"}\n{\"image\":\"b\"}\n{\"image\":\"c\"}\n": `line 3 on: the run has (end of file), now it is {"image":"c"}`,
	} {
		if err := r.Pin(ManifestFile, []byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestRecords(t *testing.T) {
	r := mustCreate(t, t.TempDir())
	type record struct {
		Image string `json:"image"`
		Top1  bool   `json:"top1"`
	}
	want := []record{{"a<b>&.png", true}, {"c.png", false}}
	if r.Has(RecordsName("SI-size", "ours")) {
		t.Error("records before they were written")
	}
	if err := WriteRecords(r, "SI-size", "ours", want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadLines[record](r, RecordsName("SI-size", "ours"))
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := WriteRecords(r, "../val", "ours", want); err == nil {
		t.Error("a set name with a path was accepted")
	}
}

func TestEnvironmentChange(t *testing.T) {
	r := mustCreate(t, t.TempDir())
	if diff, err := r.Environment(0, map[string]string{"backend": "xla:cpu"}); err != nil || diff != nil {
		t.Fatal(diff, err)
	}
	diff, err := r.Environment(4, map[string]string{"backend": "go"})
	if err != nil || !cmp.Equal(diff, []Difference{{"backend", `"xla:cpu"`, `"go"`}}) {
		t.Errorf("got %v, %v", diff, err)
	}
}

func TestStateWithNaNIsRefused(t *testing.T) {
	r := mustCreate(t, t.TempDir())
	mustResume(t, r)
	steps(t, r, 1, 2)
	bad := toyState(3)
	copy(bad.Tensors[0].Data[4:], []byte{0, 0, 0xc0, 0x7f})  // NaN
	copy(bad.Tensors[0].Data[12:], []byte{0, 0, 0x80, 0xff}) // -Inf
	err := r.SaveCheckpoint(Checkpoint{Step: 3}, bad)
	if err == nil || !strings.Contains(err.Error(), "blocks.0.attn.qkv.weight\": found 2 of 64") {
		t.Errorf("got %v", err)
	}
	if _, at, warnings, err := r.Latest(); err != nil || len(warnings) > 0 || at.Step != 2 {
		t.Errorf("newest checkpoint is step %d, %v, warnings %q", at.Step, err, warnings)
	}
}
