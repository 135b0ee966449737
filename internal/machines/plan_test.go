package machines

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// awkward words must reach the program as they are.
var awkward = []string{"sweep", "--model", "my model's $HOME.safetensors", "", "tune:vit-0123", "`x` \\ \"y\""}

// written is a plan of five lines in two stages, whose program notes what it is
// called with.
func written(t *testing.T) Plan {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "a work's folder")
	program := filepath.Join(dir, "the $program}")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\npwd >>\"" + dir + "/ran\"\nfor word in \"$@\"; do echo \"[$word]\" >>\"" + dir + "/ran\"; done\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	p := Plan{Dir: filepath.Join(dir, "plan"), Program: program, Folder: folder}
	for i, stage := range []string{"tune", "tune", "tune", "measure", "measure"} {
		p.Lines = append(p.Lines, Line{Number: i + 1, Stage: stage, Args: slices.Concat(awkward, []string{string(rune('a' + i))})})
	}
	if err := p.Write(); err != nil {
		t.Fatal(err)
	}
	return p
}

// ran is what the program noted.
func (p Plan) ran(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(p.Dir), "ran"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// noted is what it should note of lines.
func (p Plan) noted(numbers ...int) string {
	var b strings.Builder
	for _, n := range numbers {
		b.WriteString(p.Folder + "\n")
		for _, word := range p.Lines[n-1].Args {
			b.WriteString("[" + word + "]\n")
		}
	}
	return b.String()
}

func bash(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("bash", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("bash %v: %v\n%s", args, err, text)
	}
	return string(text)
}

// TestPlanFiles: a JSON line and a command a line, and the commands are the lines.
func TestPlanFiles(t *testing.T) {
	p := written(t)
	text, err := os.ReadFile(filepath.Join(p.Dir, LinesFile))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var read struct {
			Line
			Program, Folder string
		}
		if err := json.Unmarshal([]byte(line), &read); err != nil || read.Number != i+1 || !slices.Equal(read.Args, p.Lines[i].Args) || read.Folder != p.Folder || read.Program != p.Program {
			t.Errorf("line %d: %+v, %v", i+1, read, err)
		}
	}
	bash(t, p.Folder, nil, filepath.Join(p.Dir, ShellFile))
	if got, want := p.ran(t), p.noted(1, 2, 3, 4, 5); got != want {
		t.Errorf("plan.sh ran\n%s\nexpected\n%s", got, want)
	}
}

// TestSlurmArray runs tasks of the array by hand: each runs its line, of its stage.
func TestSlurmArray(t *testing.T) {
	p := written(t)
	if err := p.WriteSlurm(Resources{CPUs: 2, GPUs: 1}); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{ArrayFile, SubmitFile, ShellFile} {
		bash(t, p.Dir, nil, "-n", filepath.Join(p.Dir, file))
	}
	array := filepath.Join(p.Dir, ArrayFile)
	bash(t, p.Dir, []string{"SLURM_ARRAY_TASK_ID=2"}, array)
	bash(t, p.Dir, []string{"SLURM_ARRAY_TASK_ID=2", "ROBUSTVIT_FIRST=4"}, array)
	if got, want := p.ran(t), p.noted(2, 5); got != want {
		t.Errorf("the tasks ran\n%s\nexpected\n%s", got, want)
	}
	cmd := exec.Command("bash", array)
	cmd.Env = append(os.Environ(), "SLURM_ARRAY_TASK_ID=6")
	if text, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(text), "no line 6") {
		t.Errorf("a task beyond the plan: %v, %s", err, text)
	}
	script, err := os.ReadFile(array)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"#SBATCH --requeue", "%A_%a.txt", "--cpus-per-task=2", "--gpus-per-task=1", "--signal=B:TERM@60"} {
		if !strings.Contains(string(script), want) {
			t.Errorf("array.sh lacks %s", want)
		}
	}
	if err := p.WriteSlurm(Resources{GPUs: .5}); err == nil || !strings.Contains(err.Error(), "whole ones") {
		t.Errorf("half a GPU: %v", err)
	}
}

// TestSlurmSubmit: an sbatch of our own runs every task of what is submitted; the
// second stage waits for the first, and arguments are passed on.
func TestSlurmSubmit(t *testing.T) {
	p := written(t)
	if err := p.WriteSlurm(Resources{}); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	sbatch := `#!/usr/bin/env bash
set -euo pipefail
echo "$*" >>"$CALLS"
first=0 last=0
for word in "$@"; do case $word in
  --array=*) range=${word#--array=}; last=${range#*-};;
  --export=ALL,*) export "${word#--export=ALL,}";;
esac; done
for id in $(seq 1 $last); do SLURM_ARRAY_TASK_ID=$id bash "${!#}" >&2; done
echo "$((40 + last));cluster"
`
	if err := os.WriteFile(filepath.Join(bin, "sbatch"), []byte(sbatch), 0o755); err != nil {
		t.Fatal(err)
	}
	calls := filepath.Join(bin, "calls")
	bash(t, p.Folder, []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "CALLS=" + calls}, filepath.Join(p.Dir, SubmitFile), "--partition=gpu")
	if got, want := p.ran(t), p.noted(1, 2, 3, 4, 5); got != want {
		t.Errorf("submitted\n%s\nexpected\n%s", got, want)
	}
	text, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	want := "--parsable --array=1-3 --export=ALL,ROBUSTVIT_FIRST=1 --partition=gpu ARRAY\n" +
		"--parsable --array=1-2 --export=ALL,ROBUSTVIT_FIRST=4 --dependency=afterok:43 --kill-on-invalid-dep=yes --partition=gpu ARRAY\n"
	if got := strings.ReplaceAll(string(text), filepath.Join(p.Dir, ArrayFile), "ARRAY"); got != want {
		t.Errorf("sbatch was called with\n%s\nexpected\n%s", got, want)
	}
}

// TestLongStagesAreSplit at the size of array that Slurm takes.
func TestLongStagesAreSplit(t *testing.T) {
	p := Plan{Dir: t.TempDir(), Program: "robustvit", Folder: "/"}
	for i := range 2100 {
		p.Lines = append(p.Lines, Line{Number: i + 1, Stage: "tune"})
	}
	text := p.submit(p.Dir)
	for _, want := range []string{"--array=1-1000 --export=ALL,ROBUSTVIT_FIRST=1 ", "--array=1-1000 --export=ALL,ROBUSTVIT_FIRST=1001 ", "--array=1-100 --export=ALL,ROBUSTVIT_FIRST=2001 "} {
		if !strings.Contains(text, want) {
			t.Errorf("submit.sh lacks %s", want)
		}
	}
}
