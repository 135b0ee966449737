package supply

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// The secrets and names that the commands below are given or could find out.
const (
	token = "hf_" + "ThisIsTheTokenOfTheTest0123456789" // two parts: no file of this repository holds one
	user  = "zwqxana"
)

// work are the commands of a whole small job, in a folder of the user's.
var work = [][]string{
	{"finetune", "--weights", "demo:vit", "--data", "shapes", "--train", "80", "--keep", "all", "--per-class", "1", "--epochs", "1", "--dir", "runs/ours"},
	{"evaluate", "--weights", "demo:vit", "--weights", "runs/ours", "--data", "shapes", "--per-set", "20", "--sets", "val", "--dir", "runs/measured"},
	{"report", "runs/measured"},
	{"export", "--run", "runs/ours", "--format", "timm", "--out", "out"},
}

// What a job writes names no token, no home folder, no user.
func TestFilesWritten(t *testing.T) {
	home := filepath.Join(t.TempDir(), user)
	folder := filepath.Join(home, "project")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + home, "USER=" + user, "LOGNAME=" + user, "HF_TOKEN=" + token, "JUPYTER_TOKEN=" + token}
	for _, args := range work {
		if o := catalogue.RunIn(t, folder, env, args...); o.Code != 0 {
			t.Fatalf("robustvit %s: %s", strings.Join(args, " "), o)
		} else if strings.Contains(o.Out+o.Err, token) {
			t.Errorf("robustvit %s prints the token", strings.Join(args, " "))
		}
	}
	for what, text := range map[string]string{"token": token, "home folder": home, "user": user} {
		catalogue.Case(t, "H11", "no "+what+" in any file", func(t *testing.T) {
			files := 0
			err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				files++
				content, err := os.ReadFile(path)
				if at := bytes.Index(content, []byte(text)); at >= 0 {
					t.Errorf("%s holds it: %q", strings.TrimPrefix(path, folder), content[max(0, at-40):min(len(content), at+60)])
				}
				return err
			})
			if err != nil || files < 8 {
				t.Errorf("%d files, %v", files, err)
			}
		})
	}
}

// The whole job runs where there is no network at all, not even loopback.
func TestWithoutNetwork(t *testing.T) {
	cut, err := exec.LookPath("unshare")
	if err != nil || exec.Command(cut, "-rn", "true").Run() != nil {
		t.Skip("no network namespaces here")
	}
	folder := t.TempDir()
	for _, args := range work {
		catalogue.Case(t, "H11", "without a network: "+args[0], func(t *testing.T) {
			p := catalogue.StartProgram(t, cut, folder, nil, append([]string{"-rn", catalogue.Command(t)}, args...)...)
			if o := p.Wait(t); o.Code != 0 {
				t.Errorf("%s", o)
			}
		})
	}
}
