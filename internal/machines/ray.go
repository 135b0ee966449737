package machines

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/robustvit/workbench/internal/setup"
)

//go:embed ray_driver.py
var driver []byte

//go:embed requirements-ray.txt
var requirements string

// RayPython is the environment variable that names a Python with Ray.
const RayPython = "ROBUSTVIT_RAY_PYTHON"

// rayVenv is Ray's environment: its pins are not JupyterLab's.
const rayVenv = ".venv-ray"

// noCluster is the driver's exit status where there is nothing to connect to.
const noCluster = 3

// ErrNoRay is the error of a machine without Ray.
var ErrNoRay = errors.New("Ray is not installed; install the pinned version by: robustvit setup --ray, or name a Python that has it in " + RayPython)

// EnsureRay installs Ray into .venv-ray of the project folder where it is not
// there yet, every wheel's hash checked, and returns the environment's Python.
func EnsureRay(ctx context.Context, root string, out io.Writer) (string, error) {
	venv := setup.Venv{Root: root, Name: rayVenv}
	if hasRay(ctx, venv.Python()) {
		return venv.Python(), nil
	}
	lock, err := venv.Lock(ctx, out)
	if err != nil {
		return "", err
	}
	defer lock.Release()
	if err := venv.Ensure(ctx, lock, out); err != nil {
		return "", err
	}
	fmt.Fprintf(out, "setup: installing Ray into %s (76 MB, once)\n", rayVenv)
	if err := venv.PipInstall(ctx, lock, out, requirements); err != nil {
		return "", fmt.Errorf("install Ray: %w", err)
	}
	return venv.Python(), nil
}

// FindRay is the Python that has Ray: the one named in ROBUSTVIT_RAY_PYTHON, else
// that of .venv-ray in the project folder root, which may be "".
func FindRay(ctx context.Context, root string) (string, error) {
	if named := os.Getenv(RayPython); named != "" {
		if !hasRay(ctx, named) {
			return "", fmt.Errorf("%s names %s, which does not import ray", RayPython, named)
		}
		return named, nil
	}
	if python := (setup.Venv{Root: root, Name: rayVenv}).Python(); root != "" && hasRay(ctx, python) {
		return python, nil
	}
	return "", ErrNoRay
}

// hasRay asks without importing it, which takes seconds.
func hasRay(ctx context.Context, python string) bool {
	return exec.CommandContext(ctx, python, "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('ray') is None)").Run() == nil
}

// RayOptions say where and how to run a plan.
type RayOptions struct {
	Python  string // that has Ray
	Address string // HOST:PORT of the head node, or auto
	Each    Resources
	Retries int // of a line whose node or process died
}

// Outcome is how a line ended.
type Outcome struct {
	Line    int     `json:"line"`
	Stage   string  `json:"stage"`
	Code    int     `json:"code"`
	Said    string  `json:"said"` // the last thing, where it failed
	Node    string  `json:"node"`
	Seconds float64 `json:"seconds"`
}

// Ray runs the lines of a written plan on a Ray cluster and waits for them.
// Ended, which may be nil, hears of each. The error names the first line that
// failed; those of later stages have then not begun.
func (p Plan) Ray(ctx context.Context, o RayOptions, ended func(Outcome)) error {
	if err := answers(ctx, o.Address); err != nil {
		return err
	}
	if err := p.write(DriverFile, driver, 0o644); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, o.Python, filepath.Join(p.Dir, DriverFile), "--address", o.Address, "--plan", p.Dir,
		"--cpus", strconv.Itoa(max(o.Each.CPUs, 0)), "--gpus", fmt.Sprint(o.Each.GPUs), "--retries", strconv.Itoa(o.Retries))
	cmd.Env = append(os.Environ(), "RAY_USAGE_STATS_ENABLED=0", "PYTHONUNBUFFERED=1")
	cmd.WaitDelay = 5 * time.Second // a cancelled driver is killed, and Ray ends the tasks of a driver that is gone
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("start Ray's driver: %w", err)
	}
	failed, first := readOutcomes(out, ended)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case first != nil:
		return fmt.Errorf("%d lines failed; line %d (%s): %s; its output is %s; after mending it, the same command goes on", failed, first.Line, first.Stage, first.Said,
			filepath.Join(p.Dir, LogsFolder, fmt.Sprintf("line-%05d.txt", first.Line)))
	case cmd.ProcessState.ExitCode() == noCluster:
		return absent(o.Address, lastLine(said.String()))
	case err != nil:
		return fmt.Errorf("run Ray's driver: %w: %s", err, lastLine(said.String()))
	}
	return nil
}

// answers finds out at once that nobody listens: Ray itself tries for minutes.
func answers(ctx context.Context, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil || strings.Contains(address, "://") { // auto, or another form that Ray reads
		return nil
	}
	connection, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", address)
	if err != nil {
		return absent(address, err.Error())
	}
	return connection.Close()
}

// patience is how long the head node may take to answer.
const patience = 10 * time.Second

func absent(address, why string) error {
	return fmt.Errorf("no Ray cluster at %s: %s; start it by `ray start --head` and run this on one of its nodes", address, why)
}

// readOutcomes passes on what the driver prints, and returns how many lines
// failed and the first of them.
func readOutcomes(r io.Reader, ended func(Outcome)) (failed int, first *Outcome) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		var o Outcome
		if json.Unmarshal(lines.Bytes(), &o) != nil || o.Line == 0 { // something else that Ray prints
			continue
		}
		if o.Code != 0 {
			if failed++; first == nil {
				first = &o
			}
		}
		if ended != nil {
			ended(o)
		}
	}
	return failed, first
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
