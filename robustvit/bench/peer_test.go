package bench

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// peerVariable names a Python with torch and timm to run the peer's scripts with.
const peerVariable = "ROBUSTVIT_BENCH_PEER"

// TestRequestIsWhole: the scripts read each field that a round has, zero or not.
func TestRequestIsWhole(t *testing.T) {
	if text, err := json.Marshal(request{Do: "round"}); err != nil || !strings.Contains(string(text), `"seconds":0`) {
		t.Errorf("a round of no seconds is asked for as %s, %v", text, err)
	}
}

// TestPeers does each case in PyTorch once, where it is.
func TestPeers(t *testing.T) {
	python := os.Getenv(peerVariable)
	if python == "" {
		t.Skipf("%s names no Python with torch and timm", peerVariable)
	}
	o := options(t, "well")
	o.Peer, o.Rounds = python, 1
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range r.Results {
		if one.Error != "" || one.Peer != "" && !(one.Ratio > 0) {
			t.Errorf("%+v", one)
		}
	}
}

// TestPeerScripts: every peer of a case is in the scripts, and they compile.
func TestPeerScripts(t *testing.T) {
	var text strings.Builder
	for _, name := range []string{"serve.py", "steps.py", "files.py"} {
		content, err := peerFiles.ReadFile("peer/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(content)
		if python, err := exec.LookPath("python3"); err == nil {
			cmd := exec.CommandContext(t.Context(), python, "-c", "import ast, sys; ast.parse(sys.stdin.read())")
			cmd.Stdin = strings.NewReader(string(content))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
	}
	for _, c := range Cases() {
		for _, peer := range c.Peers {
			if !strings.Contains(text.String(), `("`+c.Name+`", "`+peer+`"):`) {
				t.Errorf("no script does case %s as %s", c.Name, peer)
			}
		}
		if works[c.Name] == nil {
			t.Errorf("our side does not know case %s", c.Name)
		}
	}
}
