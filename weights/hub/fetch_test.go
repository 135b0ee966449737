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
	"time"

	"github.com/robustvit/workbench/tests/hostile/fakehub"
	"github.com/robustvit/workbench/weights"
)

const name = "owner/model"

// client speaks to the fake hub and does not wait between tries.
func client(h *fakehub.Hub) Client {
	return Client{Endpoint: h.Main.URL, Token: fakehub.Token, Stall: h.Stall, Tries: 4, Wait: time.Millisecond}
}

func fetch(t *testing.T, h *fakehub.Hub, job Job) (Fetched, error) {
	t.Helper()
	if job.Name == "" {
		job.Name = name
	}
	return client(h).Fetch(t.Context(), job)
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
	h, dir := fakehub.New(t), t.TempDir()
	var last int64
	c := client(h)
	c.Progress = func(file string, done, total int64) {
		if file == defaultFile {
			last = done
		}
		if done > total {
			t.Errorf("%s: %d of %d bytes", file, done, total)
		}
	}
	got, err := c.Fetch(t.Context(), Job{Name: name, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, defaultFile)
	holds(t, path, h.Content)
	if got.SHA256 != fakehub.Hash(h.Content) || got.Checked != checkedHub || got.Commit != "0badc0de" || got.Path != path || last != int64(len(h.Content)) || got.There {
		t.Errorf("%+v, progress up to %d", got, last)
	}
	if want := []string{filepath.Join(dir, "config.json")}; !slices.Equal(got.Beside, want) {
		t.Errorf("beside it %v, want %v", got.Beside, want)
	}
	holds(t, filepath.Join(dir, "config.json"), []byte(h.Config))

	before := len(h.Ranges())
	if got, err = fetch(t, h, Job{Dir: dir}); err != nil || !got.There || len(h.Ranges()) != before {
		t.Errorf("again: %+v, %v, %d requests", got, err, len(h.Ranges())-before)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), len(h.Content)), 0o644); err != nil { // right length, wrong bytes
		t.Fatal(err)
	}
	if got, err = fetch(t, h, Job{Dir: dir}); err != nil || got.There {
		t.Errorf("over a damaged file: %+v, %v", got, err)
	}
	holds(t, path, h.Content)
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
		h, dir := fakehub.New(t), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, defaultFile+".part"), c.part(h.Content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := fetch(t, h, Job{Dir: dir}); err != nil {
			t.Errorf("%s: %v", label, err)
			continue
		}
		holds(t, filepath.Join(dir, defaultFile), h.Content)
		if got := h.Ranges(); !slices.Equal(got, c.ranges) {
			t.Errorf("%s: ranges %q, want %q", label, got, c.ranges)
		}
	}
}

// TestServerWithoutRanges: a whole answer to a question for the rest starts the file anew.
func TestServerWithoutRanges(t *testing.T) {
	h, dir := fakehub.New(t), t.TempDir()
	first := true
	h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
		if first {
			first = false
			h.Cut(w, 0, 1000)
		}
		w.Write(h.Content)
		return true
	}
	if _, err := fetch(t, h, Job{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(dir, defaultFile), h.Content)
}

// TestPlainServer: no LFS headers; an ETag that looks like a SHA-256 is none.
func TestPlainServer(t *testing.T) {
	h, dir := fakehub.New(t), t.TempDir()
	h.Plain = true
	got, err := fetch(t, h, Job{Dir: dir})
	if err != nil || got.Checked != checkedLength || got.SHA256 != fakehub.Hash(h.Content) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = fetch(t, h, Job{Dir: dir, SHA256: strings.ToUpper(fakehub.Hash(h.Content))}); err != nil || got.Checked != checkedPin || !got.There {
		t.Errorf("pinned: %+v, %v", got, err)
	}
}

func TestNextCommand(t *testing.T) {
	h, dir := fakehub.New(t), t.TempDir()
	h.Content, h.Config = []byte("not read here"), ""
	for _, file := range []string{"pytorch_model.bin", "sub/B_16.npz"} {
		got, err := fetch(t, h, Job{Name: name + ":" + file, Dir: dir})
		if want := "robustvit convert " + filepath.Join(dir, filepath.Base(file)); err != nil || got.Next != want {
			t.Errorf("%s: next %q (%v), want %q", file, got.Next, err, want)
		}
		if len(got.Beside) != 0 {
			t.Errorf("%s: beside it %v although there is nothing", file, got.Beside)
		}
	}
	asked, _ := h.Asked()
	if last := asked[len(asked)-1].Path; last != "/owner/model/resolve/main/sub/B_16.npz" {
		t.Errorf("asked for %s", last)
	}
}

func TestOneFetchAtATime(t *testing.T) {
	h, dir := fakehub.New(t), t.TempDir()
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
	h := fakehub.New(t)
	ctx, stop := context.WithCancelCause(t.Context())
	h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
		w.Write(h.Content[:1000])
		w.(http.Flusher).Flush()
		stop(os.ErrDeadlineExceeded)
		<-r.Context().Done()
		return true
	}
	if _, err := client(h).Fetch(ctx, Job{Name: name, Dir: t.TempDir()}); err != os.ErrDeadlineExceeded {
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
