package hub

import (
	"io"
	"net/http"
	"net/textproto"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// FuzzParse: a name that is accepted stays inside the repository and the
// folder, and is read back the same.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"DeiT-S", "owner/model", "owner/model@v1.0:sub/model.safetensors", "owner/model@refs/pr/1", "owner/..:x", "owner/model:../x", "owner/model:a\\b",
		"owner/model@a/../b", "owner/mo%2e%2edel", "owner/model:x?y=z#f", "owner/model:a b/é.safetensors", "owner/model:\u202ex"} {
		f.Add(name)
	}
	client, err := Client{Endpoint: "https://hub.test/prefix"}.complete()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r, err := Parse(name)
		if err != nil {
			return
		}
		if again, err := Parse(r.String()); err != nil || again != r {
			t.Fatalf("%q is %v, read back %v (%v)", name, r, again, err)
		}
		address := client.address(r)
		if address.Host != "hub.test" || address.RawQuery != "" || address.Fragment != "" || path.Clean(address.Path) != address.Path ||
			!strings.HasPrefix(address.Path, "/prefix/"+r.Repo+"/resolve/"+r.Revision+"/") {
			t.Fatalf("%q asks for %s", name, address)
		}
		if folder := r.folder(); filepath.Dir(filepath.Join("cache", folder)) != "cache" || strings.ContainsAny(folder, `/\`) {
			t.Fatalf("%q is kept in %q", name, folder)
		}
		if base := filepath.Base(r.File); filepath.Dir(filepath.Join("dir", base)) != "dir" || base == ".part" {
			t.Fatalf("%q is written to %q", name, base)
		}
	})
}

// answers is a server: the fuzzer's answer to the first request, a plain one to others.
type answers struct {
	first http.Response
	asked []*http.Request
}

func (a *answers) RoundTrip(request *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, request)
	response := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: 5}
	if len(a.asked) == 1 {
		*response = a.first
	}
	response.Request, response.Body = request, io.NopCloser(strings.NewReader(""))
	return response, nil
}

// FuzzAnswer: whatever a server says, the token goes nowhere else, encryption is
// kept, and what is taken for length, hash and commit is one.
func FuzzAnswer(f *testing.F) {
	for _, c := range []struct {
		code    int
		length  int64
		headers string
	}{
		{200, 7, "ETag: \"abc\""},
		{302, 0, "X-Linked-Size: 9\nX-Linked-Etag: \"" + strings.Repeat("ab", 32) + "\"\nX-Repo-Commit: 0badc0de\nLocation: https://store.test/x"},
		{302, 0, "Location: http://hub.test/x"}, {307, 0, "Location: //other.test/x"}, {308, 0, "Location: https://user:password@hub.test/x"},
		{301, 0, "Location: https://hub.test.evil/x"}, {302, 0, "Location: https://hub.test:444/x"}, {302, 0, "Location: file:///etc/passwd"}, {302, 0, ""},
		{206, 5, "Content-Range: bytes 2-6/7"}, {206, 5, "Content-Range: bytes 0-6/7"}, {416, 0, ""}, {429, 0, "Retry-After: 999999999999"},
		{200, -1, "X-Linked-Size: -5"}, {200, 1 << 62, "X-Linked-Etag: ../../x\nX-Repo-Commit: a/../../b"},
	} {
		f.Add(c.code, c.length, c.headers)
	}
	const token = "hf_token"
	client, err := Client{Endpoint: "https://hub.test", Token: token}.complete()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, code int, length int64, headers string) {
		server := &answers{first: http.Response{StatusCode: code, Header: http.Header{}, ContentLength: length}}
		for line := range strings.SplitSeq(headers, "\n") {
			if key, value, ok := strings.Cut(line, ": "); ok {
				server.first.Header.Set(textproto.CanonicalMIMEHeaderKey(key), value)
			}
		}
		client.http.Transport = server
		known, _, err := client.askFacts(t.Context(), Reference{Repo: "owner/model", Revision: "main", File: "x.safetensors"})
		for _, request := range server.asked {
			if request.URL.Scheme != "https" || request.Header.Get("Authorization") != "" && request.URL.Host != "hub.test" {
				t.Fatalf("asked %s with authorization %q", request.URL, request.Header.Get("Authorization"))
			}
		}
		if err != nil {
			if text := err.Error(); strings.Contains(text, token) || len(text) > 1000 || !strings.Contains(text, "; ") {
				t.Fatalf("error %q", text)
			}
			return
		}
		if known.size < 0 || known.size > maxFileBytes || known.sha256 != "" && !sha256Text.MatchString(known.sha256) || strings.ContainsAny(known.commit, "./\\") {
			t.Fatalf("taken for facts: %+v", known)
		}
		if fault := placement(&server.first, 2, 7); fault == nil && code == http.StatusPartialContent && !strings.HasPrefix(server.first.Header.Get("Content-Range"), "bytes 2-6/") {
			t.Fatalf("taken for the bytes from 2 on: %q", server.first.Header.Get("Content-Range"))
		}
	})
}

// FuzzShardNames: whatever the index of a server says, the names of its files
// are plain ones, each once.
func FuzzShardNames(f *testing.F) {
	for _, text := range []string{`{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}`, `{"weight_map":{"a":"../x.safetensors"}}`,
		`{"weight_map":{"a":"x\u0000.safetensors"}}`, `{"weight_map":{"a":"C:x.safetensors"}}`, `{"weight_map":{"a":"-x.safetensors"}}`, `{"weight_map":{}}`, `[]`,
		`{"weight_map":{"a":"model.safetensors.index.json.safetensors"}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, err := shardNames(strings.NewReader(text), "index.json")
		if err != nil {
			return
		}
		if len(names) == 0 || len(names) > maxShards || !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Fatalf("%d names: %q", len(names), names)
		}
		for _, name := range names {
			if filepath.Base(name) != name || strings.ContainsAny(name, "/\\:\x00") || name[0] == '.' || name[0] == '-' {
				t.Fatalf("taken for a file name: %q", name)
			}
		}
	})
}
