package tests

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// producing is a command that writes data into the folder out.
type producing struct {
	name    string
	args    []string
	pattern string   // of the files that tell how far it is
	files   int      // about how many of them there are in the end
	use     []string // a command that must refuse what a kill left; nil: nothing has its name yet
}

func (k *kit) producings() []producing {
	masks := []string{"masks", "--method", "attention", "--weights", k.at("tuned"), "--data", k.at("data"), "--min-separation", "0", "--min-area", "0",
		"--max-area", "1", "--max-sides", "4", "--solver", "off", "--out", "out"}
	train := func(flag string) []string {
		return append(k.finetuning(1), flag, "out")
	}
	return []producing{
		{"data write", []string{"data", "write", "--train", "20", "--per-set", "5", "out"}, "*.png", 130, train("--data")},
		{"data shift", []string{"data", "shift", k.at("data/val"), "--seed", "1", "--out", "out"}, "*.png", 200,
			[]string{"evaluate", "--weights", k.at("tuned"), "--data", "out", "--dir", "measured"}},
		{"masks", masks, "*.png", 60, train("--masks")},
		{"weights fetch", []string{"weights", "fetch", "owner/model", "--out", "out"}, "*.part", 1, nil},
	}
}

// K5: kill -9 while data are written or weights fetched: what is half there is
// refused, and the same command ends with the bytes of one that nobody killed.
func TestKillData(t *testing.T) {
	k, rng, count := theKit(t), random("K5"), kills{}
	slow := serveSlowly(t, filepath.Join(k.at("tuned"), "weights.safetensors"))
	t.Setenv("HF_ENDPOINT", slow.URL)
	t.Setenv("HF_HUB_OFFLINE", "")
	all := k.producings()
	for i := range catalogue.Cases("K5") {
		p := all[i%len(all)]
		catalogue.Case(t, "K5", fmt.Sprintf("%s %d", p.name, i), func(t *testing.T) {
			want := k.unbroken(t, "out", p.args...)
			dir, _ := count.until(t, p.args, func() string { return k.place(t) }, func(dir string, try int) moment {
				n := 1 + rng.IntN(max(p.files*2/3>>try, 1))
				later := 3 * time.Millisecond
				if p.use == nil {
					later = 200 * time.Millisecond // of a file that takes longer
				}
				return moment{func() bool { return len(files(filepath.Join(dir, "out"), p.pattern)) >= n }, upTo(rng, later>>try)}
			})
			if p.use == nil {
				if _, err := os.Stat(filepath.Join(dir, "out", "model.safetensors")); err == nil {
					t.Error("the file has its name before it is whole")
				}
			} else {
				catalogue.CheckRefused(t, catalogue.RunIn(t, dir, nil, p.use...), "out", ".unfinished", "run it again")
			}
			works(t, dir, nil, p.args...)
			sameEnd(t, want, filepath.Join(dir, "out"))
		})
	}
	t.Log(count)
}

// serveSlowly is a hub with one model, which it gives away in small pieces.
func serveSlowly(t *testing.T, path string) *httptest.Server {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/model.safetensors") {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(drip{w}, r, "", time.Time{}, strings.NewReader(string(content)))
	}))
	t.Cleanup(server.Close)
	return server
}

// drip sends a kilobyte at a time.
type drip struct{ http.ResponseWriter }

func (d drip) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		var m int
		m, err = d.ResponseWriter.Write(p[:min(len(p), 1024)])
		d.ResponseWriter.(http.Flusher).Flush()
		time.Sleep(8 * time.Millisecond)
		n, p = n+m, p[m:]
	}
	return n, err
}
