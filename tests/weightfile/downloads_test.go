package weightfile

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/fakehub"
	"github.com/robustvit/workbench/weights/hub"
)

const (
	model     = "owner/model"
	modelFile = "model.safetensors"
)

// fetch asks the fake hub for the job and does not wait between tries. The
// folder is one inside another, which nothing else may enter.
func fetch(t *testing.T, h *fakehub.Hub, job hub.Job) (dir string, err error) {
	t.Helper()
	outer := t.TempDir()
	dir = filepath.Join(outer, "cache", "model")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	job.Dir = dir
	if job.Name == "" {
		job.Name = model
	}
	client := hub.Client{Endpoint: h.Main.URL, Token: fakehub.Token, Stall: h.Stall, Tries: 4, Wait: time.Millisecond}
	_, err = client.Fetch(t.Context(), job)
	inside(t, outer, dir)
	return dir, err
}

// inside demands that every file below outer lies in dir and has an expected name.
func inside(t *testing.T, outer, dir string) {
	t.Helper()
	expected := []string{modelFile, modelFile + ".part", "config.json", "config.json.part"}
	err := filepath.WalkDir(outer, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && (filepath.Dir(path) != dir || !slices.Contains(expected, entry.Name())) {
			t.Errorf("the file %s was written", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// refused demands one error with these words and without a secret, and nothing under the file's name.
func refused(t *testing.T, dir string, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("success")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q lacks %q", err, word)
		}
	}
	if text := err.Error(); strings.Contains(text, fakehub.Token) || strings.Contains(text, "signature") || strings.Contains(text, "\n") || len(text) > 1000 || !strings.Contains(text, "; ") {
		t.Errorf("error with a secret, too long or without a next step: %q", text)
	}
	if _, err := os.Stat(filepath.Join(dir, modelFile)); err == nil {
		t.Error("the file is there under its name")
	}
}

// whole demands the file as the server has it, and nothing unfinished beside it.
func whole(t *testing.T, dir string, content []byte) {
	t.Helper()
	path := filepath.Join(dir, modelFile)
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes (%v), want the %d of the server", len(got), err, len(content))
	}
	if _, err := os.Stat(path + ".part"); err == nil {
		t.Error("an unfinished file is left behind")
	}
}

// TestServerFaults: one clear error, no success, no secret in the text.
func TestServerFaults(t *testing.T) {
	for _, c := range serverFaults {
		catalogue.Case(t, "W8", c.name, func(t *testing.T) {
			h := fakehub.New(t)
			c.set(h)
			dir, err := fetch(t, h, c.job)
			refused(t, dir, err, c.words...)
		})
	}
}

// TestCutDownloads: ten places of a cut; the next try goes on from the last byte.
func TestCutDownloads(t *testing.T) {
	size := len(fakehub.Model(t))
	for _, at := range []int{0, 1, 7, 8, 1000, 4096, size / 3, size / 2, size - 2, size - 1} {
		catalogue.Case(t, "W8", fmt.Sprintf("cut at byte %d", at), func(t *testing.T) {
			h := fakehub.New(t)
			cuts := 0
			h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
				if cuts++; cuts == 1 {
					h.Cut(w, from, at)
				}
				return false
			}
			dir, err := fetch(t, h, hub.Job{})
			if err != nil {
				t.Fatal(err)
			}
			whole(t, dir, h.Content)
			if asks := h.Ranges(); len(asks) != 2 || at > 0 && asks[1] != fmt.Sprintf("bytes=%d-", at) {
				t.Errorf("requests %q, want a whole one and the rest", asks)
			}
		})
	}
	catalogue.Case(t, "W8", "cut again and again, then sound", func(t *testing.T) {
		h := fakehub.New(t)
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool { h.Cut(w, from, from+10); return true }
		dir, err := fetch(t, h, hub.Job{})
		refused(t, dir, err, "after 40 bytes", "goes on")
		if info, err := os.Stat(filepath.Join(dir, modelFile+".part")); err != nil || info.Size() != 40 {
			t.Errorf("unfinished file: %v %v, want 40 bytes", info, err)
		}
		h.Get = nil
		again := hub.Client{Endpoint: h.Main.URL, Wait: time.Millisecond}
		if _, err := again.Fetch(t.Context(), hub.Job{Name: model, Dir: dir}); err != nil {
			t.Fatal(err)
		}
		whole(t, dir, h.Content)
	})
}

// TestTokens: only the endpoint's own host ever sees the token, and no redirect changes that.
func TestTokens(t *testing.T) {
	for name, redirect := range map[string]func(h *fakehub.Hub, w http.ResponseWriter, r *http.Request) bool{
		"the hub's own redirect": func(*fakehub.Hub, http.ResponseWriter, *http.Request) bool { return false },
		"by way of itself": func(h *fakehub.Hub, w http.ResponseWriter, r *http.Request) bool {
			if r.URL.RawQuery != "" {
				return false
			}
			http.Redirect(w, r, r.URL.Path+"?again=1", http.StatusTemporaryRedirect)
			return true
		},
		"under another name of the machine": func(h *fakehub.Hub, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, strings.Replace(h.Store.URL, "127.0.0.1", "localhost", 1)+"/signed", http.StatusPermanentRedirect)
			return true
		},
	} {
		catalogue.Case(t, "W8", "token, "+name, func(t *testing.T) {
			h := fakehub.New(t)
			h.Head = func(w http.ResponseWriter, r *http.Request) bool { return redirect(h, w, r) }
			dir, err := fetch(t, h, hub.Job{})
			if err != nil {
				t.Fatal(err)
			}
			whole(t, dir, h.Content)
			main, store := h.Asked()
			if len(main) == 0 || len(store) == 0 {
				t.Fatalf("%d requests to the endpoint, %d to the content server", len(main), len(store))
			}
			for _, a := range main {
				if a.Authorization != "Bearer "+fakehub.Token {
					t.Errorf("%s %s: authorization %q, want the token", a.Method, a.Path, a.Authorization)
				}
			}
			for _, a := range store {
				if a.Authorization != "" {
					t.Errorf("the content server got the authorization %q", a.Authorization)
				}
			}
		})
	}
}

// TestFetchCommand: the same of the command, with Python's environment variables.
func TestFetchCommand(t *testing.T) {
	for name, c := range map[string]struct {
		set   func(h *fakehub.Hub)
		env   []string
		words []string
	}{
		"HEAD 403":     {func(h *fakehub.Hub) { h.Head = fakehub.Status(403) }, nil, []string{"403", "HF_TOKEN"}},
		"short body":   {func(h *fakehub.Hub) { h.Get = statusOfGet(200) }, nil, []string{"0 bytes", "announced"}},
		"web page":     {func(h *fakehub.Hub) { h.Content = []byte("<html>sign in</html>") }, nil, []string{"text", "html"}},
		"offline":      {func(*fakehub.Hub) {}, []string{"HF_HUB_OFFLINE=1"}, []string{"HF_HUB_OFFLINE"}},
		"wrong SHA256": {func(*fakehub.Hub) {}, nil, []string{"SHA-256", "nothing was fetched"}},
	} {
		catalogue.Case(t, "W8", "command, "+name, func(t *testing.T) {
			h, dir := fakehub.New(t), filepath.Join(t.TempDir(), "out")
			c.set(h)
			env := append([]string{"HF_ENDPOINT=" + h.Main.URL, "HF_TOKEN=" + fakehub.Token, "HF_HUB_OFFLINE="}, c.env...)
			args := []string{"weights", "fetch", model, "--out", dir}
			if name == "wrong SHA256" {
				args = append(args, "--sha256", strings.Repeat("0", 64))
			}
			got := catalogue.Run(t, env, args...)
			catalogue.CheckRefused(t, got, append(c.words, model)...)
			if strings.Contains(got.Out+got.Err, fakehub.Token) || strings.Contains(got.Err, "signature") {
				t.Errorf("a secret is printed: %v", got)
			}
			if _, err := os.Stat(filepath.Join(dir, modelFile)); err == nil {
				t.Error("the file is there under its name")
			}
		})
	}
}
