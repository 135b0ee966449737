package notebooks

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/internal/lab"
	"github.com/robustvit/workbench/tests/catalogue"
)

// startServer runs JupyterLab until the test ends and returns its address and token.
func startServer(t *testing.T, root string, port int) (base, token string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	started, ended := make(chan string, 1), make(chan error, 1)
	var out bytes.Buffer
	go func() {
		ended <- lab.Start(ctx, root, lab.ServerOptions{Port: port, Out: &out, Started: func(u string) { started <- u }})
	}()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("stopping the server: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the server does not stop")
		}
	})
	select {
	case address := <-started:
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.Scheme + "://" + u.Host, u.Query().Get("token")
	case err := <-ended:
		t.Fatalf("the server ended: %v", err)
	case <-time.After(90 * time.Second):
		t.Fatal("the server does not answer after 90 s")
	}
	return "", ""
}

func get(t *testing.T, address, token string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "token "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// TestServer starts the real server beside a busy port and looks at what it
// lets in.
func TestServer(t *testing.T) {
	root := labRoot(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	base, token := startServer(t, root, busy.Addr().(*net.TCPAddr).Port)
	catalogue.Case(t, "H7", "a free port of the loopback address", func(t *testing.T) {
		if strings.Contains(base, busy.Addr().String()) || !strings.HasPrefix(base, "http://127.0.0.1:") {
			t.Errorf("serves on %s", base)
		}
	})
	for _, path := range []string{"/api/contents", "/api/kernels", "/lab/api/settings"} {
		for what, key := range map[string]string{"without": "", "with a wrong": strings.Repeat("0", len(token))} {
			catalogue.Case(t, "H7", path+" "+what+" token", func(t *testing.T) {
				if code, _ := get(t, base+path, key); code != http.StatusForbidden {
					t.Errorf("status %d, want 403", code)
				}
			})
		}
	}
	catalogue.Case(t, "H7", "the Go kernel with the token", func(t *testing.T) {
		if code, body := get(t, base+"/api/kernelspecs", token); code != http.StatusOK || !strings.Contains(body, `"default": "gonb"`) {
			t.Errorf("status %d, %.200s", code, body)
		}
	})
	catalogue.Case(t, "H7", "outputs run no commands", func(t *testing.T) {
		checkSetting(t, base, token, "sanitizer", "allowCommandLinker", false)
	})
	catalogue.Case(t, "H7", "no news from the network", func(t *testing.T) {
		checkSetting(t, base, token, "notification", "fetchNews", "false")
	})
	// A request that changes something needs the token or the XSRF cookie, which
	// a foreign page does not have.
	catalogue.Case(t, "H7", "a foreign page starts no kernel", func(t *testing.T) {
		response, err := http.Post(base+"/api/kernels", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("status %d, want 403", response.StatusCode)
		}
	})
}

// checkSetting reads the default that the browser will use.
func checkSetting(t *testing.T, base, token, plugin, name string, want any) {
	t.Helper()
	_, body := get(t, base+"/lab/api/settings/@jupyterlab/apputils-extension:"+plugin, token)
	var setting struct {
		Schema struct {
			Properties map[string]struct {
				Default any `json:"default"`
			} `json:"properties"`
		} `json:"schema"`
	}
	if err := json.Unmarshal([]byte(body), &setting); err != nil {
		t.Fatalf("setting %s: %v: %.200s", plugin, err, body)
	}
	if got := setting.Schema.Properties[name].Default; got != want {
		t.Errorf("%s is %v, want %v", name, got, want)
	}
}
