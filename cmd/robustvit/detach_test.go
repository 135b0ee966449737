package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestDetachFailsAtOnce: what the detached command says at once is said here.
func TestDetachFailsAtOnce(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	got := command(t, "finetune", "--weights", at("none"), "--data", "shapes", "--dir", at("bad"), "--detach")
	if got.code != 1 || !strings.Contains(got.stderr, at("none")) {
		t.Errorf("weights that are not there: exit code %d, %s", got.code, got.stderr)
	}
}
