package hub

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robustvit/workbench/weights"
)

const secret = "hf_secretOfTheTest"

// asked is one request as a server saw it.
type asked struct {
	method, path, authorization, ranges string
}

// fakeHub answers as the hub does: HEAD and GET of the resolve address redirect
// to a content server on another port. Fields turn on faults.
type fakeHub struct {
	t       *testing.T
	content []byte // of model.safetensors and other weights
	config  string // of config.json; "" for 404

	head  func(w http.ResponseWriter, r *http.Request) bool // answers instead, if it returns true
	get   func(w http.ResponseWriter, r *http.Request, from int) bool
	stall time.Duration // patience of the client
	plain bool          // no LFS headers, no redirect: a small file or a simple mirror

	main, content2 *httptest.Server
	mu             sync.Mutex
	log            []asked
	contentLog     []asked
}

func newHub(t *testing.T) *fakeHub {
	t.Helper()
	h := &fakeHub{t: t, content: model(t), config: `{"num_attention_heads": 3}`, stall: 20 * time.Second}
	h.main = httptest.NewServer(http.HandlerFunc(h.serveMain))
	h.content2 = httptest.NewServer(http.HandlerFunc(h.serveContent))
	t.Cleanup(func() {
		h.main.CloseClientConnections()
		h.main.Close()
		h.content2.CloseClientConnections()
		h.content2.Close()
	})
	return h
}

// model is a safetensors file of 400072 bytes.
func model(t *testing.T) []byte {
	t.Helper()
	values := make([]float32, 100_000)
	for i := range values {
		values[i] = float32(i%977) / 977
	}
	var b bytes.Buffer
	if err := weights.Encode(&b, &weights.File{Tensors: []weights.Tensor{weights.Float32Tensor("x", []int{len(values)}, values)}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func (h *fakeHub) serveMain(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.log = append(h.log, asked{r.Method, r.URL.EscapedPath(), r.Header.Get("Authorization"), r.Header.Get("Range")})
	h.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "preprocessor_config.json"), strings.HasSuffix(r.URL.Path, "/config.json") && h.config == "":
		http.NotFound(w, r)
	case strings.HasSuffix(r.URL.Path, "/config.json"):
		w.Header().Set("ETag", `"0123456789abcdef0123456789abcdef01234567"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(h.config))
	case r.Method == http.MethodHead && h.head != nil && h.head(w, r):
	case h.plain:
		w.Header().Set("ETag", `"`+strings.Repeat("ab", 32)+`"`) // 64 digits, and no SHA-256
		h.serveContent(w, r)
	default:
		h.linked(w, len(h.content), hashOf(h.content))
		http.Redirect(w, r, h.content2.URL+"/signed?signature=hidden", http.StatusFound)
	}
}

func (h *fakeHub) linked(w http.ResponseWriter, size int, hash string) {
	w.Header().Set("X-Linked-Size", strconv.Itoa(size))
	w.Header().Set("X-Linked-ETag", `"`+hash+`"`)
	w.Header().Set("X-Repo-Commit", "0badc0de")
}

func (h *fakeHub) serveContent(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.contentLog = append(h.contentLog, asked{r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Range")})
	h.mu.Unlock()
	from := 0
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	if r.Method == http.MethodGet && h.get != nil && h.get(w, r, from) {
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.content))
}

// asks counts the GET requests to the content server and lists their ranges.
func (h *fakeHub) asks() (ranges []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.contentLog {
		if a.method == http.MethodGet {
			ranges = append(ranges, a.ranges)
		}
	}
	return ranges
}

// cut answers with the bytes from..to and breaks the connection.
func (h *fakeHub) cut(w http.ResponseWriter, from, to int) {
	if from > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(h.content)-1, len(h.content)))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(h.content)-from))
	if from > 0 {
		w.WriteHeader(http.StatusPartialContent)
	}
	w.Write(h.content[from:to])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// client speaks to the fake hub and does not wait between tries.
func (h *fakeHub) client() Client {
	return Client{Endpoint: h.main.URL, Token: secret, Stall: h.stall, Tries: 4, Wait: time.Millisecond}
}
