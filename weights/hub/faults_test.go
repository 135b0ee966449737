package hub

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// status answers every request of a kind with a code.
func status(code int) func(w http.ResponseWriter, r *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(code); return true }
}

func statusOfGet(code int) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, r *http.Request, _ int) bool { w.WriteHeader(code); return true }
}

// impatient is for servers that say nothing: any patience ends in the fault.
const impatient = 100 * time.Millisecond

// serverFaults are ways in which a server fails, lies or attacks (W8).
var serverFaults = []struct {
	name  string
	set   func(h *fakeHub)
	job   Job
	words []string
}{
	{"HEAD 401", func(h *fakeHub) { h.head = status(401) }, Job{}, []string{"401", "HF_TOKEN"}},
	{"HEAD 403", func(h *fakeHub) { h.head = status(403) }, Job{}, []string{"403", "terms"}},
	{"HEAD 404", func(h *fakeHub) { h.head = status(404) }, Job{}, []string{"404", "owner/repo:FILE"}},
	{"HEAD 429", func(h *fakeHub) { h.head = status(429) }, Job{}, []string{"429", "4 tries"}},
	{"HEAD 500", func(h *fakeHub) { h.head = status(500) }, Job{}, []string{"500", "4 tries"}},
	{"HEAD 418", func(h *fakeHub) { h.head = status(418) }, Job{}, []string{"418"}},
	{"GET 403", func(h *fakeHub) { h.get = statusOfGet(403) }, Job{}, []string{"403"}},
	{"GET 404", func(h *fakeHub) { h.get = statusOfGet(404) }, Job{}, []string{"404"}},
	{"GET 416", func(h *fakeHub) { h.get = statusOfGet(416) }, Job{}, []string{"byte 0"}},
	{"GET 429", func(h *fakeHub) { h.get = statusOfGet(429) }, Job{}, []string{"429", "4 tries"}},
	{"GET 500", func(h *fakeHub) { h.get = statusOfGet(500) }, Job{}, []string{"500", "4 tries"}},
	{"GET 503", func(h *fakeHub) { h.get = statusOfGet(503) }, Job{}, []string{"503"}},
	{"always cut", func(h *fakeHub) {
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool { h.cut(w, from, from+10); return true }
	}, Job{}, []string{"4 tries", "after 40 bytes", "again"}},
	{"stall before the answer", func(h *fakeHub) {
		h.stall = impatient
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool { <-r.Context().Done(); return true }
	}, Job{}, []string{"no byte for too long"}},
	{"stall in the middle", func(h *fakeHub) {
		h.stall = impatient
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.Header().Set("Content-Length", strconv.Itoa(len(h.content)))
			w.Write(h.content[:500])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		}
	}, Job{}, []string{"no byte for too long"}},
	{"stall of HEAD", func(h *fakeHub) {
		h.stall = impatient
		h.head = func(w http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	}, Job{}, []string{"no byte for too long"}},
	{"short body", func(h *fakeHub) {
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool { w.Write(h.content[:1000]); return true }
	}, Job{}, []string{"1000 bytes", "announced"}},
	{"short without a length", func(h *fakeHub) {
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.(http.Flusher).Flush()
			w.Write(h.content[:1000])
			return true
		}
	}, Job{}, []string{"after 1000 bytes", "4 tries"}},
	{"long body", func(h *fakeHub) {
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.(http.Flusher).Flush()
			w.Write(append(slices.Clone(h.content), "more"...))
			return true
		}
	}, Job{}, []string{"more bytes"}},
	{"lying length", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool {
			h.linked(w, len(h.content)+5, hashOf(h.content))
			return true
		}
	}, Job{}, []string{"400072 bytes", "400077"}},
	{"no length", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool { w.(http.Flusher).Flush(); return true }
	}, Job{}, []string{"no length"}},
	{"length in words", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("X-Linked-Size", "many")
			return true
		}
	}, Job{}, []string{"no length"}},
	{"length beyond all", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool { h.linked(w, 1<<60, hashOf(nil)); return true }
	}, Job{}, []string{"impossible"}},
	{"lying hash", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool {
			h.linked(w, len(h.content), hashOf([]byte("another")))
			return true
		}
	}, Job{}, []string{"SHA-256", "nothing was kept"}},
	{"pin against the hub", func(h *fakeHub) {}, Job{SHA256: strings.Repeat("0", 64)}, []string{"SHA-256", "nothing was fetched"}},
	{"pin against a plain server", func(h *fakeHub) { h.plain = true }, Job{SHA256: strings.Repeat("0", 64)}, []string{"SHA-256", "nothing was kept"}},
	{"pin that is none", func(h *fakeHub) {}, Job{SHA256: "abc"}, []string{"64 hexadecimal"}},
	{"range elsewhere", func(h *fakeHub) {
		first := true
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			if first {
				first = false
				h.cut(w, 0, 1000)
			}
			w.Header().Set("Content-Range", "bytes 0-10/400072")
			w.WriteHeader(206)
			return true
		}
	}, Job{}, []string{"range"}},
	{"redirects without end", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return true
		}
	}, Job{}, []string{"without end"}},
	{"redirect to nowhere", func(h *fakeHub) {
		h.head = func(w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(302); return true }
	}, Job{}, []string{"no address"}},
	{"redirect to a file", func(h *fakeHub) {
		h.get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
			return true
		}
	}, Job{}, []string{"no address"}},
	{"no safetensors", func(h *fakeHub) { h.content = []byte("<html>sign in</html>") }, Job{}, []string{"text", "html"}},
	{"damaged safetensors", func(h *fakeHub) { h.content = h.content[:len(h.content)-1] }, Job{}, []string{"model.safetensors"}},
	{"config is a web page", func(h *fakeHub) { h.config = "<html>sign in</html>" }, Job{}, []string{"config.json", "JSON"}},
}

// TestServerFaults: one clear error, no success, nothing under the file's name, no secret in the text.
func TestServerFaults(t *testing.T) {
	if len(serverFaults) < 32 {
		t.Errorf("%d cases, want at least 32", len(serverFaults))
	}
	for _, c := range serverFaults {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, dir := newHub(t), t.TempDir()
			c.set(h)
			job := c.job
			job.Dir = dir
			got, err := fetch(t, h, job)
			if err == nil {
				t.Fatalf("success: %+v", got)
			}
			for _, word := range c.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("error %q lacks %q", err, word)
				}
			}
			if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, "signature") || strings.Contains(text, "\n") || len(text) > 600 {
				t.Errorf("error with a secret or too long: %q", text)
			}
			if _, err := os.Stat(filepath.Join(dir, defaultFile)); err == nil {
				t.Error("the file is there under its name")
			}
			t.Log(err)
		})
	}
}

// TestStalledPartIsKept: an unfinished file survives a fault that another run can mend.
func TestStalledPartIsKept(t *testing.T) {
	h, dir := newHub(t), t.TempDir()
	h.get = func(w http.ResponseWriter, r *http.Request, from int) bool { h.cut(w, from, from+10); return true }
	if _, err := fetch(t, h, Job{Dir: dir}); err == nil {
		t.Fatal("success")
	}
	if info, err := os.Stat(filepath.Join(dir, defaultFile+".part")); err != nil || info.Size() != 40 {
		t.Errorf("unfinished file: %v %v, want 40 bytes", info, err)
	}
	h.get = nil
	if _, err := fetch(t, h, Job{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(dir, defaultFile), h.content)
}

func TestNoNetwork(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, c := range map[string]struct {
		client Client
		want   string
	}{
		"nobody listens": {Client{Endpoint: closed.URL, Wait: time.Millisecond}, "no connection"},
		"no such host":   {Client{Endpoint: "http://hub.invalid", Wait: time.Millisecond}, "no such host"},
		"offline":        {Client{Endpoint: closed.URL, Offline: true}, "HF_HUB_OFFLINE"},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := c.client.Fetch(t.Context(), Job{Name: "owner/model", Dir: dir}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, c.want)
		}
	}
}

func TestNamesAndEndpointsRefused(t *testing.T) {
	for _, name := range []string{
		"", "nothing", "../etc:passwd", "owner/..", "owner/../x", "owner/model:../x", "owner/model:a/../../x", "owner/model:/etc/passwd", "owner/model:.git/config",
		"owner/model:a\\b", "owner/model:a\nb", "owner/model:a/", "owner/model:-x", "owner/model@../x", "owner/model@", "owner/model/x", "/model", "owner/", "o wner/model",
		"owner/model:x.safetensors?download=1\x00", "owner/mo%2e%2edel", "https://huggingface.co/owner/model",
	} {
		if r, err := Parse(name); err == nil {
			t.Errorf("%q is taken as %v", name, r)
		}
	}
	for _, endpoint := range []string{"huggingface.co", "ftp://huggingface.co", "https://user:password@huggingface.co", "https://", "https://x/?a=b", "://"} {
		_, err := Client{Endpoint: endpoint}.Fetch(t.Context(), Job{Name: "owner/model", Dir: t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), "HF_ENDPOINT") || strings.Contains(err.Error(), "password") {
			t.Errorf("endpoint %q: error %v", endpoint, err)
		}
	}
	_, err := Client{Token: "two\nlines"}.Fetch(t.Context(), Job{Name: "owner/model", Dir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "HF_TOKEN") || strings.Contains(err.Error(), "lines") {
		t.Errorf("token of two lines: error %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("HF_ENDPOINT", "https://mirror.example")
	t.Setenv("HF_TOKEN", " abc\n")
	t.Setenv("HF_HUB_OFFLINE", "1")
	if c := FromEnvironment(); c.Endpoint != "https://mirror.example" || c.Token != "abc" || !c.Offline {
		t.Errorf("%+v", c)
	}
}

func TestNoRedirectLosesEncryption(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"https://a", "https://b", true}, {"http://a", "https://b", true}, {"http://a", "http://b", true},
		{"https://a", "http://a", false}, {"https://a", "ftp://a", false}, {"http://a", "file:///a", false},
	} {
		from, err1 := url.Parse(c.from)
		to, err2 := url.Parse(c.to)
		if err1 != nil || err2 != nil || allowed(from, to) != c.want {
			t.Errorf("from %s to %s: allowed is %v", c.from, c.to, !c.want)
		}
	}
}
