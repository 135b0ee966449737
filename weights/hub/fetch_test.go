package hub

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/weights"
)

const name = "owner/model"

func fetch(t *testing.T, h *fakeHub, job Job) (Fetched, error) {
	t.Helper()
	if job.Name == "" {
		job.Name = name
	}
	return h.client().Fetch(t.Context(), job)
}

// holds demands the whole file and nothing unfinished beside it.
func holds(t *testing.T, path string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s: %d bytes (%v), want the %d of the server", filepath.Base(path), len(got), err, len(content))
	}
	if _, err := os.Stat(path + ".part"); err == nil {
		t.Errorf("%s.part is left behind", filepath.Base(path))
	}
}

func TestFetch(t *testing.T) {
	h, dir := newHub(t), t.TempDir()
	var last int64
	client := h.client()
	client.Progress = func(file string, done, total int64) {
		if file == defaultFile {
			last = done
		}
		if done > total {
			t.Errorf("%s: %d of %d bytes", file, done, total)
		}
	}
	got, err := client.Fetch(t.Context(), Job{Name: name, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, defaultFile)
	holds(t, path, h.content)
	if got.SHA256 != hashOf(h.content) || got.Checked != checkedHub || got.Commit != "0badc0de" || got.Path != path || last != int64(len(h.content)) || got.There {
		t.Errorf("%+v, progress up to %d", got, last)
	}
	if want := []string{filepath.Join(dir, "config.json")}; !slices.Equal(got.Beside, want) {
		t.Errorf("beside it %v, want %v", got.Beside, want)
	}
	holds(t, filepath.Join(dir, "config.json"), []byte(h.config))

	before := len(h.asks())
	if got, err = fetch(t, h, Job{Dir: dir}); err != nil || !got.There || len(h.asks()) != before {
		t.Errorf("again: %+v, %v, %d requests", got, err, len(h.asks())-before)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), len(h.content)), 0o644); err != nil { // right length, wrong bytes
		t.Fatal(err)
	}
	if got, err = fetch(t, h, Job{Dir: dir}); err != nil || got.There {
		t.Errorf("over a damaged file: %+v, %v", got, err)
	}
	holds(t, path, h.content)
}

// TestToken: only the endpoint's own host ever sees the token.
func TestToken(t *testing.T) {
	h := newHub(t)
	if _, err := fetch(t, h, Job{Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	for _, a := range h.log {
		if a.authorization != "Bearer "+secret {
			t.Errorf("%s %s: authorization %q, want the token", a.method, a.path, a.authorization)
		}
	}
	if len(h.contentLog) == 0 {
		t.Fatal("the content server was not asked")
	}
	for _, a := range h.contentLog {
		if a.authorization != "" {
			t.Errorf("the content server got the authorization %q", a.authorization)
		}
	}
}

// TestCutAndResumed: ten places of a cut; the next try goes on from the last byte.
func TestCutAndResumed(t *testing.T) {
	size := len(model(t))
	for _, at := range []int{0, 1, 7, 8, 1000, 4096, size / 3, size / 2, size - 2, size - 1} {
		h, dir := newHub(t), t.TempDir()
		cuts := 0
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			if cuts++; cuts == 1 {
				h.cut(w, from, at)
			}
			return false
		}
		if _, err := fetch(t, h, Job{Dir: dir}); err != nil {
			t.Errorf("cut at %d: %v", at, err)
			continue
		}
		holds(t, filepath.Join(dir, defaultFile), h.content)
		asks := h.asks()
		if len(asks) != 2 || at > 0 && !strings.HasPrefix(asks[1], "bytes=") {
			t.Errorf("cut at %d: requests %q, want a whole one and the rest", at, asks)
		}
	}
}

// TestKilledAndResumed: what another run left in .part is used, if it belongs to the file.
func TestKilledAndResumed(t *testing.T) {
	for label, c := range map[string]struct {
		part   func(content []byte) []byte
		ranges []string
	}{
		"half":            {func(b []byte) []byte { return b[:len(b)/2] }, []string{"bytes=200036-"}},
		"whole":           {func(b []byte) []byte { return b }, nil},
		"of another file": {func(b []byte) []byte { return bytes.Repeat([]byte("x"), len(b)/2) }, []string{"bytes=200036-", ""}},
		"too long":        {func(b []byte) []byte { return append(bytes.Clone(b), 'x') }, []string{""}},
	} {
		h, dir := newHub(t), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, defaultFile+".part"), c.part(h.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := fetch(t, h, Job{Dir: dir}); err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		holds(t, filepath.Join(dir, defaultFile), h.content)
		if got := h.asks(); !slices.Equal(got, c.ranges) {
			t.Errorf("%s: ranges %q, want %q", label, got, c.ranges)
		}
	}
}

// TestServerWithoutRanges: a whole answer to a question for the rest starts the file anew.
func TestServerWithoutRanges(t *testing.T) {
	h, dir := newHub(t), t.TempDir()
	first := true
	h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
		if first {
			first = false
			h.cut(w, 0, 1000)
		}
		w.Write(h.content)
		return true
	}
	if _, err := fetch(t, h, Job{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(dir, defaultFile), h.content)
}

// TestPlainServer: no LFS headers; an ETag that looks like a SHA-256 is none.
func TestPlainServer(t *testing.T) {
	h, dir := newHub(t), t.TempDir()
	h.plain = true
	got, err := fetch(t, h, Job{Dir: dir})
	if err != nil || got.Checked != checkedLength || got.SHA256 != hashOf(h.content) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = fetch(t, h, Job{Dir: dir, SHA256: strings.ToUpper(hashOf(h.content))}); err != nil || got.Checked != checkedPin || !got.There {
		t.Errorf("pinned: %+v, %v", got, err)
	}
}

func TestNextCommand(t *testing.T) {
	h, dir := newHub(t), t.TempDir()
	h.content, h.config = []byte("not read here"), ""
	for _, file := range []string{"pytorch_model.bin", "sub/B_16.npz"} {
		got, err := fetch(t, h, Job{Name: name + ":" + file, Dir: dir})
		if want := "robustvit convert " + filepath.Join(dir, filepath.Base(file)); err != nil || got.Next != want {
			t.Errorf("%s: next %q (%v), want %q", file, got.Next, err, want)
		}
		if len(got.Beside) != 0 {
			t.Errorf("%s: beside it %v although there is nothing", file, got.Beside)
		}
	}
	if last := h.log[len(h.log)-1].path; last != "/owner/model/resolve/main/sub/B_16.npz" {
		t.Errorf("asked for %s", last)
	}
}

func TestOneFetchAtATime(t *testing.T) {
	h, dir := newHub(t), t.TempDir()
	part, err := openPart(filepath.Join(dir, defaultFile+".part"))
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	if _, err := fetch(t, h, Job{Dir: dir}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v", err)
	}
}

func TestStopped(t *testing.T) {
	h := newHub(t)
	ctx, stop := context.WithCancelCause(t.Context())
	h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
		w.Write(h.content[:1000])
		w.(http.Flusher).Flush()
		stop(os.ErrDeadlineExceeded)
		<-r.Context().Done()
		return true
	}
	if _, err := h.client().Fetch(ctx, Job{Name: name, Dir: t.TempDir()}); err != os.ErrDeadlineExceeded {
		t.Errorf("error %v, want the cause of the stop", err)
	}
}

// TestRegistryNames: what the registry names can be asked for.
func TestRegistryNames(t *testing.T) {
	for _, k := range weights.KnownModels() {
		r, err := Parse(k.Name)
		for _, name := range append(k.Aliases, k.Name, k.Paper) {
			if name == "" {
				continue
			}
			if got, err := Parse(name); err != nil || got != r || r.Repo != k.Repo || r.File != k.File {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(r.String()); err != nil || again != r {
			t.Errorf("%s: read back %v, %v", r, again, err)
		}
	}
}
