// Package machines carries a planned sweep to other machines: as lines that any
// scheduler can run, as an array script for Slurm, or as tasks of a Ray cluster.
// What a line does and how it goes on after an interruption is the program's
// own; here lines are only ordered, handed out and watched. All machines must see
// the sweep's folder, the models and the data under the same paths.
package machines

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/internal/setup"
)

// Files of a plan, in its folder.
const (
	LinesFile  = "plan.jsonl"
	ShellFile  = "plan.sh"
	ArrayFile  = "array.sh"
	SubmitFile = "submit.sh"
	DriverFile = "ray_driver.py"
	LogsFolder = "logs"
)

// Line is one command of a plan. Lines of one stage may run in any order and at
// the same time; a stage begins when all lines of those before it have ended well.
type Line struct {
	Number int      `json:"line"` // from 1, over the whole plan
	Stage  string   `json:"stage"`
	Args   []string `json:"args"` // after the program's name
	Cost   any      `json:"cost"`
}

// Plan is what is to be run, and where.
type Plan struct {
	Dir     string // of its files
	Program string // path of robustvit on every machine
	Folder  string // in which the lines run: paths in them may be relative to it
	Lines   []Line
}

// Write writes plan.jsonl, and plan.sh with the same lines as commands, so that
// line 7 of either is line 7 of the other.
func (p Plan) Write() error {
	if err := os.MkdirAll(filepath.Join(p.Dir, LogsFolder), 0o777); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	var lines, shell bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, l := range p.Lines {
		whole := struct {
			Line
			Program string `json:"program"`
			Folder  string `json:"folder"`
		}{l, p.Program, p.Folder}
		if err := encoder.Encode(whole); err != nil {
			return fmt.Errorf("write the plan: line %d: %w", l.Number, err)
		}
		fmt.Fprintf(&shell, "\"${ROBUSTVIT:-%s}\" %s # %d, %s\n", inQuotes(p.Program), quoted(l.Args), l.Number, l.Stage)
	}
	if err := p.write(LinesFile, lines.Bytes(), 0o644); err != nil {
		return err
	}
	return p.write(ShellFile, shell.Bytes(), 0o755)
}

// write puts a file into the plan's folder, whole or not at all: machines may
// be reading the old one.
func (p Plan) write(name string, content []byte, mode os.FileMode) error {
	path := filepath.Join(p.Dir, name)
	err := setup.WriteFile(path, content)
	if err == nil {
		err = os.Chmod(path, mode)
	}
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// Part is the lines of one stage.
type Part struct {
	Stage string `json:"stage"`
	First int    `json:"first"` // number of its first line
	Last  int    `json:"last"`
}

// Parts are the stages in order.
func (p Plan) Parts() []Part {
	var parts []Part
	for _, l := range p.Lines {
		if n := len(parts); n == 0 || parts[n-1].Stage != l.Stage {
			parts = append(parts, Part{Stage: l.Stage, First: l.Number})
		}
		parts[len(parts)-1].Last = l.Number
	}
	return parts
}

// quoted are words as a POSIX shell reads them.
func quoted(words []string) string {
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(quote(word))
	}
	return b.String()
}

// plain are the characters that need no quotes.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%"

func quote(word string) string {
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// inQuotes is text inside a shell's double quotes.
func inQuotes(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`", "}", `\}`).Replace(text)
}
