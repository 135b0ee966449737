// Package fakehub is a Hugging Face hub on this machine that fails, lies and
// attacks as a test asks it to.
package fakehub

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robustvit/workbench/weights"
)

// Token is what the clients of the tests send; no error may hold it.
const Token = "hf_secretOfTheTest"

// Asked is one request as a server saw it.
type Asked struct {
	Method, Path, Authorization, Range string
}

// Hub answers as the hub does: HEAD and GET of the resolve address redirect to
// a content server on another port. Fields turn on faults.
type Hub struct {
	Content []byte // of model.safetensors and other weights
	Config  string // of config.json; "" for 404

	Head  func(w http.ResponseWriter, r *http.Request) bool // answers instead, if it returns true
	Get   func(w http.ResponseWriter, r *http.Request, from int) bool
	Stall time.Duration // patience of the client
	Plain bool          // no LFS headers, no redirect: a small file or a simple mirror

	Main, Store *httptest.Server
	mu          sync.Mutex
	log         []Asked
	storeLog    []Asked
}

// New starts the two servers for a test.
func New(t *testing.T) *Hub {
	t.Helper()
	h := &Hub{Content: Model(t), Config: `{"num_attention_heads": 3}`, Stall: 20 * time.Second}
	h.Main = httptest.NewServer(http.HandlerFunc(h.serveMain))
	h.Store = httptest.NewServer(http.HandlerFunc(h.serveStore))
	t.Cleanup(func() {
		h.Main.CloseClientConnections()
		h.Main.Close()
		h.Store.CloseClientConnections()
		h.Store.Close()
	})
	return h
}

// Model is a safetensors file of 400072 bytes.
func Model(t *testing.T) []byte {
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

// Hash is the content's SHA-256.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func (h *Hub) serveMain(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.log = append(h.log, Asked{r.Method, r.URL.EscapedPath(), r.Header.Get("Authorization"), r.Header.Get("Range")})
	h.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "preprocessor_config.json"), strings.HasSuffix(r.URL.Path, "/config.json") && h.Config == "":
		http.NotFound(w, r)
	case strings.HasSuffix(r.URL.Path, "/config.json"):
		w.Header().Set("ETag", `"0123456789abcdef0123456789abcdef01234567"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(h.Config))
	case r.Method == http.MethodHead && h.Head != nil && h.Head(w, r):
	case h.Plain:
		w.Header().Set("ETag", `"`+strings.Repeat("ab", 32)+`"`) // 64 digits, and no SHA-256
		h.serveStore(w, r)
	default:
		h.Linked(w, len(h.Content), Hash(h.Content))
		http.Redirect(w, r, h.Store.URL+"/signed?signature=hidden", http.StatusFound)
	}
}

// Linked sets the headers that say length and hash.
func (h *Hub) Linked(w http.ResponseWriter, size int, hash string) {
	w.Header().Set("X-Linked-Size", strconv.Itoa(size))
	w.Header().Set("X-Linked-ETag", `"`+hash+`"`)
	w.Header().Set("X-Repo-Commit", "0badc0de")
}

func (h *Hub) serveStore(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.storeLog = append(h.storeLog, Asked{r.Method, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Range")})
	h.mu.Unlock()
	from := 0
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	if r.Method == http.MethodGet && h.Get != nil && h.Get(w, r, from) {
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.Content))
}

// Ranges lists the GET requests to the content server by their ranges.
func (h *Hub) Ranges() (ranges []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.storeLog {
		if a.Method == http.MethodGet {
			ranges = append(ranges, a.Range)
		}
	}
	return ranges
}

// Cut answers with the bytes from..to and breaks the connection.
func (h *Hub) Cut(w http.ResponseWriter, from, to int) {
	if from > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(h.Content)-1, len(h.Content)))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(h.Content)-from))
	if from > 0 {
		w.WriteHeader(http.StatusPartialContent)
	}
	w.Write(h.Content[from:to])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// Asked lists what the endpoint and the content server were asked.
func (h *Hub) Asked() (main, store []Asked) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.log), slices.Clone(h.storeLog)
}

// Status answers every request of a kind with a code.
func Status(code int) func(w http.ResponseWriter, r *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(code); return true }
}
