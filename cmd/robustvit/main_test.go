package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// binary is the built command.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "robustvit-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "robustvit")
		if text, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, text)
			return 1
		}
		return m.Run()
	}())
}

// outcome is what a command left.
type outcome struct {
	code        int
	out, stderr string
}

// command runs the command on the Go backend, which every machine has.
func command(t *testing.T, args ...string) outcome {
	t.Helper()
	return commandOn(t, "go", args...)
}

// commandOn runs the command with GOMLX_BACKEND set.
func commandOn(t *testing.T, backend string, args ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append(os.Environ(), "GOMLX_BACKEND="+backend, "NO_COLOR=1")
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// works runs a command that must succeed and returns its JSON.
func works(t *testing.T, args ...string) map[string]any {
	t.Helper()
	got := command(t, append(args, "--json")...)
	if got.code != 0 {
		t.Fatalf("robustvit %s: exit code %d\n%s", strings.Join(args, " "), got.code, got.stderr)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(got.out), &object); err != nil {
		t.Fatalf("robustvit %s: standard output is not one JSON object: %v\n%.500s", strings.Join(args, " "), err, got.out)
	}
	return object
}

func TestHelpOfEveryCommand(t *testing.T) {
	commands := [][]string{
		{"demo"}, {"setup"}, {"doctor"}, {"pretrain"}, {"finetune"}, {"evaluate"}, {"segment"}, {"export"}, {"convert"},
		{"inspect"}, {"prepare"}, {"verify"}, {"data", "check"}, {"data", "write"}, {"data", "shift"}, {"data", "manifest"}, {"lab"}, {"notebook", "run"}, {"masks"}, {"sweep"}, {"report"}, {"explain"}, {"bench"}, {"weights", "list"}, {"weights", "fetch"},
	}
	all := command(t, "--help")
	for _, words := range commands {
		if !strings.Contains(all.out, "  "+words[0]) {
			t.Errorf("robustvit --help does not list %s", words[0])
		}
		got := command(t, append(words, "--help")...)
		if got.code != 0 || !strings.Contains(got.out, "Example:") || !strings.Contains(got.out, "robustvit "+strings.Join(words, " ")) {
			t.Errorf("%v --help: exit code %d, no example in\n%s", words, got.code, got.out)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	for _, args := range [][]string{
		{}, {"nope"}, {"demo", "--nope"}, {"export", "--out", "x"}, {"finetune"}, {"evaluate", "--weights", "x"},
		{"prepare", "x.png", "--protocol", "other", "--out", "y.png"}, {"demo", "--epochs", "many"},
	} {
		got := command(t, args...)
		if got.code != 2 {
			t.Errorf("robustvit %v: exit code %d, expected 2\n%s", args, got.code, got.stderr)
		}
		if !strings.Contains(got.stderr, "robustvit: ") || strings.Contains(got.stderr, "goroutine") {
			t.Errorf("robustvit %v: %s", args, got.stderr)
		}
	}
}

func TestUnknownBackend(t *testing.T) {
	for _, name := range []string{"tpu", "xla:none", "xla:/none/plugin.so"} {
		got := commandOn(t, name, "verify", filepath.Join("..", "..", "tests", "golden", "micro"))
		if got.code != 1 || !strings.Contains(got.stderr, "robustvit: ") || strings.Contains(got.stderr, "goroutine ") {
			t.Errorf("GOMLX_BACKEND=%s: exit code %d\n%s", name, got.code, got.stderr)
		}
	}
}

func TestDoctorJSON(t *testing.T) {
	report := works(t, "doctor")
	if rows, ok := report["rows"].([]any); !ok || len(rows) < 8 {
		t.Errorf("rows: %v", report["rows"])
	}
}

func TestVerifyGolden(t *testing.T) {
	report := works(t, "verify", filepath.Join("..", "..", "tests", "golden", "micro"))
	if rows, ok := report["rows"].([]any); !ok || len(rows) < 30 {
		t.Errorf("rows: %d", len(rows))
	}
}
