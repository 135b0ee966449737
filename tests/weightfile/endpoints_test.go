package weightfile

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/fakehub"
	"github.com/robustvit/workbench/weights/hub"
)

// TestNoNetwork: nobody there, or nobody to be asked.
func TestNoNetwork(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, c := range map[string]struct {
		client hub.Client
		want   string
	}{
		"nobody listens": {hub.Client{Endpoint: closed.URL, Wait: time.Millisecond}, "no connection"},
		"no such host":   {hub.Client{Endpoint: "http://hub.invalid", Wait: time.Millisecond}, "no such host"},
		"offline":        {hub.Client{Endpoint: closed.URL, Offline: true}, "HF_HUB_OFFLINE"},
	} {
		catalogue.Case(t, "W8", name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			_, err := c.client.Fetch(t.Context(), hub.Job{Name: model, Dir: dir})
			refused(t, dir, err, c.want)
		})
	}
}

// TestNamesThatLeadOut: of repositories, files and endpoints.
func TestNamesThatLeadOut(t *testing.T) {
	for _, name := range []string{
		"", "nothing", "../etc:passwd", "owner/..", "owner/../x", "owner/model:../x", "owner/model:a/../../x", "owner/model:/etc/passwd", "owner/model:.git/config",
		"owner/model:a\\b", "owner/model:a\nb", "owner/model:a/", "owner/model:-x", "owner/model@../x", "owner/model@", "owner/model@a/", "owner/model@a//b", "owner/mo--del", "owner--x/model", "owner/model/x", "/model", "owner/", "o wner/model",
		"owner/model:x.safetensors?download=1\x00", "owner/mo%2e%2edel", "https://huggingface.co/owner/model",
	} {
		catalogue.Case(t, "W8", fmt.Sprintf("name %q", name), func(t *testing.T) {
			h := fakehub.New(t)
			if name == "" {
				name = " "
			}
			dir, err := fetch(t, h, hub.Job{Name: name})
			refused(t, dir, err)
			if main, _ := h.Asked(); len(main) > 0 {
				t.Errorf("the server was asked: %v", main)
			}
		})
	}
	for _, endpoint := range []string{"huggingface.co", "ftp://huggingface.co", "https://user:password@huggingface.co", "https://", "https://x/?a=b", "://"} {
		catalogue.Case(t, "W8", "endpoint "+endpoint, func(t *testing.T) {
			dir := t.TempDir()
			_, err := hub.Client{Endpoint: endpoint}.Fetch(t.Context(), hub.Job{Name: model, Dir: dir})
			refused(t, dir, err, "HF_ENDPOINT")
			if strings.Contains(err.Error(), "password") {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
	catalogue.Case(t, "W8", "token of two lines", func(t *testing.T) {
		dir := t.TempDir()
		_, err := hub.Client{Token: "two\nlines"}.Fetch(t.Context(), hub.Job{Name: model, Dir: dir})
		refused(t, dir, err, "HF_TOKEN")
		if strings.Contains(err.Error(), "lines") {
			t.Errorf("the error holds the token: %v", err)
		}
	})
}
