package tests

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/robustvit/workbench/viz/report"
)

var update = flag.Bool("update", false, "write the blocks of results in the README files anew")

const resultsFolder = "../docs/results"

// blockStart begins a block of results, "<!-- results NAME/TABLE -->", with
// "short" behind the table's name to leave its intervals out.
var blockStart = regexp.MustCompile(`(?m)^<!-- results (\S+)( short)? -->[ \t]*$`)

const blockEnd = "<!-- end -->"

// rewrite makes every block of the text anew from the files in dir and names
// those that differ.
func rewrite(text, dir string) (fresh string, differ []string, err error) {
	var out strings.Builder
	for {
		at := blockStart.FindStringSubmatchIndex(text)
		if at == nil {
			out.WriteString(text)
			return out.String(), differ, nil
		}
		name, short := text[at[2]:at[3]], at[4] >= 0
		length := strings.Index(text[at[1]:], blockEnd)
		if next := blockStart.FindStringIndex(text[at[1]:]); length < 0 || next != nil && next[0] < length {
			return "", nil, fmt.Errorf("block %s has no %s after it", name, blockEnd)
		}
		block, err := report.ResultsBlock(dir, name, short)
		if err != nil {
			return "", nil, fmt.Errorf("block %s: %w", name, err)
		}
		block = "\n\n" + block + "\n"
		if block != text[at[1]:at[1]+length] {
			differ = append(differ, name)
		}
		out.WriteString(text[:at[1]] + block)
		text = text[at[1]+length:]
	}
}

// TestResultsBlocks holds every table of results in the README files to the file
// that it was made from.
func TestResultsBlocks(t *testing.T) {
	for _, path := range []string{"../README.md", filepath.Join(resultsFolder, "README.md")} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fresh, differ, err := rewrite(string(content), resultsFolder)
		switch {
		case err != nil:
			t.Errorf("%s: %v", path, err)
		case *update && fresh != string(content):
			if err := os.WriteFile(path, []byte(fresh), 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			for _, name := range differ {
				t.Errorf("%s: block %s differs from its results file (go test ./tests -run TestResultsBlocks -update rewrites it)", path, name)
			}
		}
	}
}

// TestResultsFilesSayWhereTheyCameFrom: a number without its configuration and
// commit cannot be made again.
func TestResultsFilesSayWhereTheyCameFrom(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(resultsFolder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	hash, commit := regexp.MustCompile(`^[0-9a-f]{64}$`), regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	for _, path := range files {
		r, err := report.ReadExperimentFile(resultsFolder, filepath.Base(path))
		if err != nil {
			t.Error(err)
			continue
		}
		if !hash.MatchString(r.ConfigSHA256) {
			t.Errorf("%s: config_sha256 is %q, expected 64 hexadecimal digits", path, r.ConfigSHA256)
		}
		if !commit.MatchString(r.Commit) {
			t.Errorf("%s: commit is %q, expected the hash of a clean commit", path, r.Commit)
		}
		if want := strings.TrimSuffix(filepath.Base(path), ".json"); r.Name != want {
			t.Errorf("%s: its experiment is %q, expected %q", path, r.Name, want)
		}
	}
}

// TestRewrite: a block is made from its file, what is around it stays, and what
// does not fit is named.
func TestRewrite(t *testing.T) {
	dir := t.TempDir()
	results := map[string]any{"kind": "experiment", "name": "demo", "config_sha256": "abc", "commit": "def", "sections": []any{map[string]any{"tables": []any{map[string]any{
		"name": "r1", "corner": "set", "columns": []any{map[string]any{"name": "ours"}},
		"rows": []any{map[string]any{"name": "A", "cells": []any{map[string]any{"value": 24.2, "low": 20.1, "high": 28.3, "digits": 1, "paper": 24.1}}}}}}}}}
	content, err := json.Marshal(results)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "demo.json"), content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	block := func(cell string) string {
		return "\n\n| set | ours |\n| :--- | ---: |\n| A | " + cell + " |\n\n`demo`: commit def, configuration abc.\n\n"
	}
	before := "# Title\n\n<!-- results demo/r1 -->\nold\n<!-- end -->\n\ntext\n\n<!-- results demo/r1 short -->" + block("24.2 (paper 24.1)") + "<!-- end -->\nlast\n"
	want := "# Title\n\n<!-- results demo/r1 -->" + block("24.2 [20.1, 28.3] (paper 24.1)") + "<!-- end -->\n\ntext\n\n<!-- results demo/r1 short -->" + block("24.2 (paper 24.1)") + "<!-- end -->\nlast\n"
	fresh, differ, err := rewrite(before, dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, fresh); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"demo/r1"}, differ); diff != "" {
		t.Errorf("blocks that differ: %s", diff)
	}
	if again, differ, err := rewrite(fresh, dir); err != nil || again != fresh || differ != nil {
		t.Errorf("rewriting twice changes %v (%v)", differ, err)
	}
	if same, differ, err := rewrite("no `<!-- results a/b -->` here\n", dir); err != nil || differ != nil || !strings.Contains(same, "here") {
		t.Errorf("text without blocks: %v, %v", differ, err)
	}
	for text, want := range map[string]string{
		"<!-- results demo/r1 -->\n": "block demo/r1 has no <!-- end -->",
		"<!-- results demo/r1 -->\n<!-- results demo/r1 short -->\n<!-- end -->\n": "block demo/r1 has no <!-- end -->",
		"<!-- results demo/r2 -->\n<!-- end -->\n":                                 "it has: r1",
		"<!-- results none/r1 -->\n<!-- end -->\n":                                 "none.json",
	} {
		if _, _, err := rewrite(text, dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error is %v, expected %q in it", text, err, want)
		}
	}
}
