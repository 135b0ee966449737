package weightfile

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robustvit/workbench/tests/hostile/fakehub"
	"github.com/robustvit/workbench/weights/hub"
)

func statusOfGet(code int) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, r *http.Request, _ int) bool { w.WriteHeader(code); return true }
}

// impatient is for servers that say nothing: any patience ends in the fault.
const impatient = 100 * time.Millisecond

// serverFaults are ways in which a server fails, lies or attacks.
var serverFaults = []struct {
	name  string
	set   func(h *fakehub.Hub)
	job   hub.Job
	words []string
}{
	{"HEAD 401", func(h *fakehub.Hub) { h.Head = fakehub.Status(401) }, hub.Job{}, []string{"401", "HF_TOKEN"}},
	{"HEAD 403", func(h *fakehub.Hub) { h.Head = fakehub.Status(403) }, hub.Job{}, []string{"403", "terms"}},
	{"HEAD 404", func(h *fakehub.Hub) { h.Head = fakehub.Status(404) }, hub.Job{}, []string{"404", "owner/repo:FILE"}},
	{"HEAD 429", func(h *fakehub.Hub) { h.Head = fakehub.Status(429) }, hub.Job{}, []string{"429", "4 tries"}},
	{"HEAD 500", func(h *fakehub.Hub) { h.Head = fakehub.Status(500) }, hub.Job{}, []string{"500", "4 tries"}},
	{"HEAD 418", func(h *fakehub.Hub) { h.Head = fakehub.Status(418) }, hub.Job{}, []string{"418"}},
	{"GET 403", func(h *fakehub.Hub) { h.Get = statusOfGet(403) }, hub.Job{}, []string{"403"}},
	{"GET 404", func(h *fakehub.Hub) { h.Get = statusOfGet(404) }, hub.Job{}, []string{"404"}},
	{"GET 416", func(h *fakehub.Hub) { h.Get = statusOfGet(416) }, hub.Job{}, []string{"byte 0"}},
	{"GET 429", func(h *fakehub.Hub) { h.Get = statusOfGet(429) }, hub.Job{}, []string{"429", "4 tries"}},
	{"GET 500", func(h *fakehub.Hub) { h.Get = statusOfGet(500) }, hub.Job{}, []string{"500", "4 tries"}},
	{"GET 503", func(h *fakehub.Hub) { h.Get = statusOfGet(503) }, hub.Job{}, []string{"503"}},
	{"always cut", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool { h.Cut(w, from, from+10); return true }
	}, hub.Job{}, []string{"4 tries", "after 40 bytes", "again"}},
	{"stall before the answer", func(h *fakehub.Hub) {
		h.Stall = impatient
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool { <-r.Context().Done(); return true }
	}, hub.Job{}, []string{"no byte for too long"}},
	{"stall in the middle", func(h *fakehub.Hub) {
		h.Stall = impatient
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.Header().Set("Content-Length", strconv.Itoa(len(h.Content)))
			w.Write(h.Content[:500])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		}
	}, hub.Job{}, []string{"no byte for too long"}},
	{"stall of HEAD", func(h *fakehub.Hub) {
		h.Stall = impatient
		h.Head = func(w http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	}, hub.Job{}, []string{"no byte for too long"}},
	{"short body", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool { w.Write(h.Content[:1000]); return true }
	}, hub.Job{}, []string{"1000 bytes", "announced"}},
	{"short without a length", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.(http.Flusher).Flush()
			w.Write(h.Content[:1000])
			return true
		}
	}, hub.Job{}, []string{"after 1000 bytes", "4 tries"}},
	{"long body", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.(http.Flusher).Flush()
			w.Write(append(slices.Clone(h.Content), "more"...))
			return true
		}
	}, hub.Job{}, []string{"more bytes"}},
	{"lying length", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool {
			h.Linked(w, len(h.Content)+5, fakehub.Hash(h.Content))
			return true
		}
	}, hub.Job{}, []string{"400072 bytes", "400077"}},
	{"no length", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool { w.(http.Flusher).Flush(); return true }
	}, hub.Job{}, []string{"no length"}},
	{"length in words", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("X-Linked-Size", "many")
			return true
		}
	}, hub.Job{}, []string{"no length"}},
	{"length beyond all", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool { h.Linked(w, 1<<60, fakehub.Hash(nil)); return true }
	}, hub.Job{}, []string{"impossible"}},
	{"lying hash", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool {
			h.Linked(w, len(h.Content), fakehub.Hash([]byte("another")))
			return true
		}
	}, hub.Job{}, []string{"SHA-256", "nothing was kept"}},
	{"pin against the hub", func(h *fakehub.Hub) {}, hub.Job{SHA256: strings.Repeat("0", 64)}, []string{"SHA-256", "nothing was fetched"}},
	{"pin against a plain server", func(h *fakehub.Hub) { h.Plain = true }, hub.Job{SHA256: strings.Repeat("0", 64)}, []string{"SHA-256", "nothing was kept"}},
	{"pin that is none", func(h *fakehub.Hub) {}, hub.Job{SHA256: "abc"}, []string{"64 hexadecimal"}},
	{"range elsewhere", func(h *fakehub.Hub) {
		first := true
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			if first {
				first = false
				h.Cut(w, 0, 1000)
			}
			w.Header().Set("Content-Range", "bytes 0-10/400072")
			w.WriteHeader(206)
			return true
		}
	}, hub.Job{}, []string{"range"}},
	{"redirects without end", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return true
		}
	}, hub.Job{}, []string{"without end"}},
	{"redirect to nowhere", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(302); return true }
	}, hub.Job{}, []string{"no address"}},
	{"redirect to a file", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
			return true
		}
	}, hub.Job{}, []string{"no address"}},
	{"no safetensors", func(h *fakehub.Hub) { h.Content = []byte("<html>sign in</html>") }, hub.Job{}, []string{"text", "html"}},
	{"damaged safetensors", func(h *fakehub.Hub) { h.Content = h.Content[:len(h.Content)-1] }, hub.Job{}, []string{"model.safetensors"}},
	{"config is a web page", func(h *fakehub.Hub) { h.Config = "<html>sign in</html>" }, hub.Job{}, []string{"config.json", "JSON"}},
	{"commit and ETag that lead out", func(h *fakehub.Hub) {
		h.Head = func(w http.ResponseWriter, r *http.Request) bool {
			h.Linked(w, len(h.Content)+1, "../../../"+strings.Repeat("x", 64))
			w.Header().Set("X-Repo-Commit", "../../../commit")
			return true
		}
	}, hub.Job{}, []string{"400072 bytes", "400073"}},
	{"file name of the server", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.Header().Set("Content-Disposition", `attachment; filename="../../escaped"`)
			w.Write(h.Content[:1000])
			return true
		}
	}, hub.Job{}, []string{"1000 bytes", "announced"}},
	{"compressed on the way", func(h *fakehub.Hub) {
		h.Get = func(w http.ResponseWriter, r *http.Request, from int) bool {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bytes.Repeat([]byte("x"), len(h.Content)))
			return true
		}
	}, hub.Job{}, []string{"SHA-256", "nothing was kept"}},
}
