package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit/backend"
)

// actAs makes this test binary one side of a bench: "ours" is a worker, all else
// is a peer that behaves so.
const actAs = "ROBUSTVIT_BENCH_TEST_SIDE"

func TestMain(m *testing.M) {
	peer := len(os.Args) == 2 && strings.HasSuffix(os.Args[1], "serve.py")
	switch side := os.Getenv(actAs); {
	case peer:
		fakePeer(side)
	case side != "":
		worker := Worker{Page: func(dir string) (string, error) { return dir, nil }, Open: func() (compute.Backend, backend.Info, error) {
			return backend.Open(backend.Options{Name: backend.Go})
		}}
		if err := worker.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// fakePeer answers as peer/serve.py does, and claims 2 s for 4 images.
func fakePeer(behaviour string) {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Scan() {
		var q request
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		switch {
		case q.Do == "hello" && behaviour == "no torch":
			_ = out.Encode(answer{Error: "ModuleNotFoundError: No module named 'torch'"})
		case q.Do == "hello":
			_ = out.Encode(answer{Facts: map[string]string{"torch": "9.8", "timm": "7.6"}})
		case q.Do == "prepare" && behaviour == "dies" && q.Task.Case == "forward":
			fmt.Fprintln(os.Stderr, "Traceback\nout of memory")
			os.Exit(3)
		case q.Do == "prepare" && behaviour == "killed" && q.Task.Case == "forward":
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill()
			}
			select {}
		case q.Do == "prepare" && (q.Peer == "" || q.Task.Threads < 1 || q.Task.Device != "cpu"):
			_ = out.Encode(answer{Error: fmt.Sprintf("unclear task %+v", q)})
		case q.Do == "round":
			_ = out.Encode(answer{Seconds: 2, Images: 4})
		case q.Do == "peak":
			_ = out.Encode(answer{PeakMiB: 123})
		default:
			_ = out.Encode(answer{})
		}
	}
}

// options of a bench in seconds: this binary is both sides.
func options(t *testing.T, behaviour string, cases ...string) Options {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(actAs, behaviour)
	return Options{Cases: cases, Models: []string{"demo"}, Batch: 2, Rounds: 2, Peer: program, Worker: []string{program}}
}

func TestRun(t *testing.T) {
	o := options(t, "well", "forward", "step-first-order", "compile")
	dir, kept := filepath.Join(t.TempDir(), "out"), 0
	var phases []string
	o.Phase = func(title string) { phases = append(phases, title) }
	o.Keep = func(r *Results) error { kept++; return r.Write(dir) }
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"go beside torch 9.8", "slower than XLA", "robustvit setup"} {
		if !strings.Contains(phases[0], words) {
			t.Errorf("the first phase %q does not say %q", phases[0], words)
		}
	}
	var r struct {
		Date    string
		Cores   int
		CPU     string
		Backend string
		Peer    map[string]string
		Results []map[string]any
	}
	text, err := os.ReadFile(filepath.Join(dir, ResultsFile))
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := time.Parse(time.RFC3339, r.Date); err != nil || r.Cores < 1 || r.CPU == "" || r.Backend != "go" || r.Peer["torch"] != "9.8" || r.Peer["timm"] != "7.6" {
		t.Errorf("what was measured on: %+v (%v)", r, err)
	}
	want := [][2]string{{"vit_demo forward b2", "timm"}, {"vit_demo step first-order b2", "lean"}, {"vit_demo step first-order b2", "released"}, {"vit_demo compile step first-order", ""}}
	if len(r.Results) != len(want) || kept != 3 {
		t.Fatalf("%d results, kept %d times; want %d and 3: %v", len(r.Results), kept, len(want), r.Results)
	}
	for i, result := range r.Results {
		peer, _ := result["peer"].(string)
		if result["case"] != want[i][0] || peer != want[i][1] {
			t.Errorf("result %d is %v beside %q, want %v", i, result["case"], peer, want[i])
		}
		ours, _ := result["ours_ms"].(float64)
		if ours <= 0 {
			t.Errorf("%s: ours_ms %v", want[i][0], result["ours_ms"])
		}
		ratio, _ := result["ratio"].(float64)
		if peer != "" && (result["peer_ms"] != 500.0 || ratio <= 0 || result["peer_peak_mib"] != 123.0) {
			t.Errorf("%s beside %s: peer_ms %v, ratio %v, peer_peak_mib %v; want 500, a number, 123", want[i][0], peer, result["peer_ms"], ratio, result["peer_peak_mib"])
		}
		if peer == "" && result["ratio"] != nil {
			t.Errorf("%s has no peer but ratio %v", want[i][0], result["ratio"])
		}
	}
}

// TestEveryCase does each case of ours once.
func TestEveryCase(t *testing.T) {
	o := options(t, "well")
	o.Peer, o.Rounds = "", 1
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Results) != len(Cases()) {
		t.Errorf("%d results of %d cases", len(r.Results), len(Cases()))
	}
	for _, one := range r.Results {
		if !(one.OursMS > 0) || one.Peer != "" || one.Error != "" {
			t.Errorf("%+v", one)
		}
	}
}

// TestPeerThatDies leaves the other cases measured.
func TestPeerThatDies(t *testing.T) {
	for behaviour, reason := range map[string]string{
		"dies":   "out of memory",           // the peer's last words
		"killed": "a smaller --batch takes", // it had none
	} {
		r, err := Run(t.Context(), options(t, behaviour, "forward", "relevance"))
		if err == nil || !strings.Contains(err.Error(), "vit_demo forward b2") || !strings.Contains(err.Error(), reason) {
			t.Errorf("a peer that %s: error %v, want the case and %q", behaviour, err, reason)
		}
		if len(r.Results) != 2 || r.Results[0].Error == "" || !(r.Results[1].Ratio > 0) {
			t.Errorf("a peer that %s: results %+v", behaviour, r.Results)
		}
	}
}

func TestWrongPeer(t *testing.T) {
	o := options(t, "no torch", "forward")
	_, err := Run(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "No module named 'torch'") || !strings.Contains(err.Error(), "pip install torch timm") {
		t.Errorf("a Python without torch: %v", err)
	}
	for _, path := range []string{"/none/python", t.TempDir(), "no-such-python"} {
		o.Peer = path
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "--peer names a Python") {
			t.Errorf("peer %s: %v", path, err)
		}
	}
	if program, err := exec.LookPath("true"); err == nil { // a program that is no Python
		o.Peer = program
		if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--peer names a Python") {
			t.Errorf("peer %s: %v", program, err)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	_, err := Run(t.Context(), Options{Cases: []string{"fwd"}, Models: []string{"huge"}, Seconds: -1})
	for _, words := range []string{"fwd", "forward", "huge", "vit_base", "batch 0", "seconds"} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v does not say %q", err, words)
		}
	}
}

func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	cause := errors.New("stopped by the user")
	o := options(t, "well", "forward", "relevance")
	o.Keep = func(*Results) error { stop(cause); return nil }
	r, err := Run(ctx, o)
	if !errors.Is(err, cause) || len(r.Results) != 1 {
		t.Errorf("%v with %d results, want the cause and the one that was there", err, len(r.Results))
	}
}
