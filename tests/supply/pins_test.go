package supply

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// requirements are the files from which pip installs.
var requirements = []string{
	"internal/setup/requirements-plugin.txt", "internal/setup/requirements-plugin-second.txt",
	"internal/lab/requirements-lab.txt", "internal/machines/requirements-ray.txt",
}

var (
	pin  = regexp.MustCompile(`^[a-z0-9._-]+==[0-9][0-9a-z.]*( ?; [a-z_]+ (>=|<|==|!=) ["'][0-9A-Za-z.]+["']( (and|or) [a-z_]+ (>=|<|==|!=) ["'][0-9A-Za-z.]+["'])*)? \\$`)
	hash = regexp.MustCompile(`^    --hash=sha256:[0-9a-f]{64}( \\)?$`)
)

// Every wheel has one exact version and its hashes, and no file names an index.
func TestWheels(t *testing.T) {
	for _, file := range requirements {
		catalogue.Case(t, "H11", "pins of "+filepath.Base(file), func(t *testing.T) {
			pins := 0
			hashes := 1
			for i, line := range strings.Split(strings.TrimSpace(read(t, file)), "\n") {
				switch {
				case line == "" || strings.HasPrefix(strings.TrimSpace(line), "#"):
				case pin.MatchString(line):
					if hashes == 0 {
						t.Errorf("line %d: the package above it has no hash", i+1)
					}
					pins, hashes = pins+1, 0
				case hash.MatchString(line):
					hashes++
				default:
					t.Errorf("line %d is neither a pin nor a hash: %q", i+1, line)
				}
				if strings.Contains(line, "://") {
					t.Errorf("line %d names a host: %q", i+1, line)
				}
			}
			if pins == 0 || hashes == 0 {
				t.Errorf("%d pins, %d hashes of the last", pins, hashes)
			}
		})
	}
	catalogue.Case(t, "H11", "no wheel with a known hole", func(t *testing.T) {
		text := read(t, "internal/lab/requirements-lab.txt")
		for name, least := range map[string]string{"jupyterlab": "v4.5.7", "jupyter-server": "v2.20.0"} {
			found := regexp.MustCompile(`(?m)^` + name + `==(\d+\.\d+\.\d+)`).FindStringSubmatch(text)
			if found == nil || semver.Compare("v"+found[1], least) < 0 {
				t.Errorf("%s is %q, at least %s wanted", name, found, least)
			}
		}
	})
}

// Modules are released versions whose checksums are in go.sum.
func TestModules(t *testing.T) {
	file, err := modfile.Parse("go.mod", []byte(read(t, "go.mod")), nil)
	if err != nil {
		t.Fatal(err)
	}
	catalogue.Case(t, "H11", "no module is replaced", func(t *testing.T) {
		if len(file.Replace) > 0 || len(file.Exclude) > 0 {
			t.Errorf("go.mod replaces %d modules and excludes %d", len(file.Replace), len(file.Exclude))
		}
	})
	catalogue.Case(t, "H11", "no toolchain or decoder with a known hole", func(t *testing.T) {
		if semver.Compare("v"+file.Go.Version, "v1.26.5") < 0 {
			t.Errorf("go %s, at least 1.26.5 wanted", file.Go.Version)
		}
		for _, r := range file.Require {
			if r.Mod.Path == "golang.org/x/image" && semver.Compare(r.Mod.Version, "v0.43.0") < 0 {
				t.Errorf("x/image %s, at least v0.43.0 wanted", r.Mod.Version)
			}
		}
	})
	catalogue.Case(t, "H11", "go mod verify", func(t *testing.T) {
		cmd := exec.Command("go", "mod", "verify")
		cmd.Dir = catalogue.Root()
		if text, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(text), "all modules verified") {
			t.Errorf("%v\n%s", err, text)
		}
	})
}

// foreign are texts that no committed file may hold.
var foreign = map[string]*regexp.Regexp{
	"a token":                regexp.MustCompile(`\bhf_[A-Za-z0-9]{30,}|\bgh[pous]_[A-Za-z0-9]{30,}|\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY`),
	"an address of a server": regexp.MustCompile(`token=[0-9a-f]{24,}`),
}

func TestRepository(t *testing.T) {
	catalogue.Case(t, "H11", "no secret is committed", func(t *testing.T) {
		cmd := exec.Command("git", "ls-files", "-z")
		cmd.Dir = catalogue.Root()
		out, err := cmd.Output()
		if err != nil {
			t.Skip("not a git checkout:", err)
		}
		names := strings.Split(strings.Trim(string(out), "\x00"), "\x00")
		if len(names) < 300 || !slices.Contains(names, "go.mod") {
			t.Fatalf("only %d files", len(names))
		}
		for _, name := range names {
			text, err := os.ReadFile(filepath.Join(catalogue.Root(), name))
			if err != nil {
				continue // removed and not yet committed
			}
			for what, pattern := range foreign {
				if found := pattern.Find(text); found != nil {
					t.Errorf("%s holds %s: %.12q...", name, what, found)
				}
			}
		}
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(catalogue.Root(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(fmt.Errorf("read %s: %w", name, err))
	}
	return string(text)
}
