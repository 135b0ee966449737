package run

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// savedRun makes a run with checkpoints 2 and 3 and returns its folder.
func savedRun(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	r, err := CreateOn(calm(), dir, testSettings(), "epochs")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	mustResume(t, r)
	steps(t, r, 1, 3)
	return dir
}

func checkpointPath(dir string, step int, name string) string {
	return filepath.Join(dir, checkpointsDir, stepName(step), name)
}

// damages are edits of one file's bytes that must not go unnoticed.
func damages(data []byte) map[string][]byte {
	all := map[string][]byte{"emptied": {}, "longer": append(bytes.Clone(data), 0), "doubled": append(bytes.Clone(data), data...)}
	for i := range 20 {
		cut := i * len(data) / 20
		if i == 19 {
			cut = len(data) - 1
		}
		all[fmt.Sprintf("cut to %d", cut)] = data[:cut]
	}
	for i := range 40 {
		bit := i * (8*len(data) - 1) / 39
		flipped := bytes.Clone(data)
		flipped[bit/8] ^= 1 << (bit % 8)
		all[fmt.Sprintf("bit %d flipped", bit)] = flipped
	}
	for i := range 10 {
		zeroed := bytes.Clone(data)
		from := i * len(data) / 10
		clear(zeroed[from:min(from+64, len(data))])
		all[fmt.Sprintf("zeroed at %d", from)] = zeroed
	}
	return all
}

// Whatever happens to the newest checkpoint, the one before is used and one
// warning names both (S5).
func TestDamagedCheckpointFallsBack(t *testing.T) {
	dir := savedRun(t)
	for _, name := range []string{stateFile, stateManifestFile} {
		path := checkpointPath(dir, 3, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for what, bad := range damages(data) {
			if bytes.Equal(bad, data) || name == stateManifestFile && sameJSON(data, bad) {
				continue // that byte is white space, or was zero already
			}
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			wantFallback(t, name+" "+what, dir)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	checkFolder(t, "restored", dir, 3, true, 3)
}

// sameJSON: the checksum of a manifest does not cover its layout.
func sameJSON(a, b []byte) bool {
	x, errX := decodeManifest(a)
	y, errY := decodeManifest(b)
	return errX == nil && errY == nil && fmt.Sprint(x) == fmt.Sprint(y)
}

func wantFallback(t *testing.T, what, dir string) {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, at, warnings, err := r.Latest()
	if err != nil || at.Step != 2 || len(warnings) != 1 ||
		!strings.Contains(warnings[0], stepName(3)) || !strings.Contains(warnings[0], stepName(2)) {
		t.Errorf("%s: step %d, warnings %q, error %v", what, at.Step, warnings, err)
	}
}

func TestMixedUpCheckpoints(t *testing.T) {
	copyFile := func(t *testing.T, from, to string) {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for what, mix := range map[string]func(t *testing.T, dir string){
		"state of another step": func(t *testing.T, dir string) {
			copyFile(t, checkpointPath(dir, 2, stateFile), checkpointPath(dir, 3, stateFile))
		},
		"manifest of another step": func(t *testing.T, dir string) {
			copyFile(t, checkpointPath(dir, 2, stateManifestFile), checkpointPath(dir, 3, stateManifestFile))
		},
		"both of another step": func(t *testing.T, dir string) {
			copyFile(t, checkpointPath(dir, 2, stateFile), checkpointPath(dir, 3, stateFile))
			copyFile(t, checkpointPath(dir, 2, stateManifestFile), checkpointPath(dir, 3, stateManifestFile))
		},
		"no manifest": func(t *testing.T, dir string) { os.Remove(checkpointPath(dir, 3, stateManifestFile)) },
		"no state":    func(t *testing.T, dir string) { os.Remove(checkpointPath(dir, 3, stateFile)) },
		"an empty folder": func(t *testing.T, dir string) {
			os.RemoveAll(checkpointPath(dir, 3, ""))
			os.Mkdir(checkpointPath(dir, 3, ""), 0o755)
		},
		"a file": func(t *testing.T, dir string) {
			os.RemoveAll(checkpointPath(dir, 3, ""))
			os.WriteFile(checkpointPath(dir, 3, ""), []byte("x"), 0o644)
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := savedRun(t)
			mix(t, dir)
			wantFallback(t, what, dir)
		})
	}
}

func TestCheckpointOfAnotherConfig(t *testing.T) {
	dir, other := savedRun(t), t.TempDir()
	c := testSettings()
	c.Rate *= 2
	r, err := Create(other, c)
	if err != nil {
		t.Fatal(err)
	}
	mustResume(t, r)
	steps(t, r, 4, 4)
	r.Close()
	if err := os.Rename(checkpointPath(other, 4, ""), checkpointPath(dir, 4, "")); err != nil {
		t.Fatal(err)
	}
	if _, at, warnings := mustResume(t, mustCreate(t, dir)); at.Step != 3 || len(warnings) != 1 ||
		!strings.Contains(warnings[0], "another config") {
		t.Errorf("resumed at %d, warnings %q", at.Step, warnings)
	}
}

// Resume sets the damaged one aside and the run saves that step again; the
// finished folder differs from an unbroken one only in what was kept aside.
func TestResumeSetsDamagedAside(t *testing.T) {
	c := toyRun{steps: 3, every: 1, size: 32}
	want := c.unbroken(t)
	dir := t.TempDir()
	if err := c.trainIn(calm(), dir); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(dir, DoneFile))
	os.Truncate(checkpointPath(dir, 3, stateFile), 50)
	if err := c.trainIn(calm(), dir); err != nil {
		t.Fatal(err)
	}
	aside := filepath.Join(dir, checkpointsDir, badPrefix+stepName(3))
	if st, err := os.Stat(filepath.Join(aside, stateFile)); err != nil || st.Size() != 50 {
		t.Errorf("the damaged checkpoint was not kept: %v", err)
	}
	os.RemoveAll(aside)
	sameTree(t, want, dir)
}

// With every checkpoint damaged the error gives each one's reason, and nothing
// is deleted or moved (S6).
func TestAllCheckpointsDamaged(t *testing.T) {
	dir := savedRun(t)
	os.Truncate(checkpointPath(dir, 2, stateFile), 0)
	os.Remove(checkpointPath(dir, 3, stateManifestFile))
	before := tree(t, dir)
	r := mustCreate(t, dir)
	_, _, _, err := r.Resume()
	for _, want := range []string{stepName(2) + ": " + stateFile + ": 0 bytes", stepName(3) + ": " + stateManifestFile + ": no such file"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	sameTree(t, before, dir)
}

// A lost log is said, not fatal: the weights do not depend on it.
func TestLostLog(t *testing.T) {
	dir := savedRun(t)
	os.Truncate(filepath.Join(dir, LogFile), 5)
	r := mustCreate(t, dir)
	_, at, warnings := mustResume(t, r)
	if at.Step != 3 || len(warnings) != 1 || !strings.Contains(warnings[0], LogFile) {
		t.Errorf("step %d, warnings %q", at.Step, warnings)
	}
	steps(t, r, 4, 4)
	if got, err := ReadLines[entry](r, LogFile); err != nil || len(got) != 1 {
		t.Errorf("log %v, %v", got, err)
	}
}

// A folder that was moved away is not made anew under its old name (S8).
func TestFolderMovedWhileWriting(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := mustCreate(t, dir)
	mustResume(t, r)
	steps(t, r, 1, 1)
	if err := os.Rename(dir, dir+"-moved"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"SaveCheckpoint": r.SaveCheckpoint(Checkpoint{Step: 2}, toyState(2)), "WriteFile": r.WriteFile("a/b.txt", nil),
	} {
		if err == nil || !strings.Contains(err.Error(), "moved or unmounted") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made again under its old name")
	}
}
