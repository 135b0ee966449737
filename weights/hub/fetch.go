package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/weights"
)

// Job is one model to fetch.
type Job struct {
	Name   string // as Parse reads it
	Dir    string // folder to write to; empty for Folder
	SHA256 string // of the file, if the caller knows it
}

// Fetched says what was fetched and how it was checked.
type Fetched struct {
	File     string   `json:"file"` // owner/repo:file
	Endpoint string   `json:"endpoint"`
	Commit   string   `json:"commit,omitempty"` // of the repository, as the hub says
	Path     string   `json:"path"`
	Bytes    int64    `json:"bytes"`
	SHA256   string   `json:"sha256"`
	Checked  string   `json:"checked"` // against what
	There    bool     `json:"already_there,omitempty"`
	Beside   []string `json:"beside,omitempty"` // config files of the same repository
	Model    string   `json:"model,omitempty"`  // sizes, where the strict reader read it
	Next     string   `json:"next,omitempty"`   // command to run next
}

// Values of Fetched.Checked.
const (
	checkedPin    = "the SHA-256 that was asked for"
	checkedHub    = "the hub's SHA-256"
	checkedLength = "its length alone: the hub gives no SHA-256"
)

// configs are what Python's libraries keep beside the weights.
var configs = []string{"config.json", "preprocessor_config.json"}

// Fetch brings a file of the hub and the config files beside it into a folder.
// A file appears under its name only when it has the announced length and
// SHA-256, and, for safetensors, when the strict reader takes it. What was
// received before a cut stays in NAME.part; the next call goes on from there.
func (c Client) Fetch(ctx context.Context, job Job) (Fetched, error) {
	client, err := c.complete()
	if err != nil {
		return Fetched{}, err
	}
	r, err := Parse(job.Name)
	if err != nil {
		return Fetched{}, err
	}
	job.SHA256 = strings.ToLower(strings.TrimSpace(job.SHA256))
	if job.SHA256 != "" && !sha256Text.MatchString(job.SHA256) {
		return Fetched{}, fmt.Errorf("fetch %s: found SHA-256 %.80q, expected 64 hexadecimal digits; copy it whole, or leave it out", r, job.SHA256)
	}
	if client.Offline {
		return Fetched{}, fmt.Errorf("fetch %s: found HF_HUB_OFFLINE set, expected a network; unset it, or fetch the file elsewhere and copy it here", r)
	}
	if job.Dir == "" {
		if job.Dir, err = Folder(r); err != nil {
			return Fetched{}, err
		}
	}
	if err := os.MkdirAll(job.Dir, 0o755); err != nil {
		return Fetched{}, diskFault("make the folder", job.Dir, err)
	}
	return client.fetch(ctx, r, job)
}

// fetch brings the config files first: a folder that has the weights is complete.
func (c *Client) fetch(ctx context.Context, r Reference, job Job) (Fetched, error) {
	r, known, err := c.locate(ctx, r) // first of all: a wrong name leaves nothing behind
	out := Fetched{File: r.String(), Endpoint: c.Endpoint, Path: filepath.Join(job.Dir, filepath.Base(r.File))}
	if err != nil {
		return out, err
	}
	for _, name := range configs {
		if name == filepath.Base(r.File) {
			continue
		}
		path := filepath.Join(job.Dir, name)
		switch err := c.config(ctx, r.beside(name), path); {
		case err == nil:
			out.Beside = append(out.Beside, path)
		case !isMissing(err):
			return out, err
		}
	}
	goal := target{path: out.Path, facts: known, pin: job.SHA256, check: func(f *os.File, size int64) (err error) {
		if filepath.Base(r.File) == indexFile {
			shards, err := c.shards(ctx, r, out.Path, f)
			out.Beside = append(out.Beside, shards...)
			return err
		}
		out.Model, err = readable(f, size, out.Path)
		return err
	}}
	out.Commit, out.Bytes = known.commit, known.size
	if out.SHA256, out.There, err = c.file(ctx, r, goal); err != nil {
		return out, err
	}
	out.Checked = goal.checked()
	out.Next = next(out.Path)
	return out, nil
}

// locate asks for the file; a model that is not in one file may be in shards.
func (c *Client) locate(ctx context.Context, r Reference) (Reference, facts, error) {
	known, err := c.facts(ctx, r)
	if filepath.Base(r.File) != defaultFile || !isMissing(err) {
		return r, known, err
	}
	index := r.beside(indexFile)
	if known, failed := c.facts(ctx, index); failed == nil {
		return index, known, nil
	}
	return r, known, err
}

// config fetches a small JSON file.
func (c *Client) config(ctx context.Context, r Reference, path string) error {
	known, err := c.facts(ctx, r)
	if err != nil {
		return err
	}
	_, _, err = c.file(ctx, r, target{path: path, facts: known, check: func(f *os.File, size int64) error {
		return isJSON(f, size, path)
	}})
	return err
}

func isMissing(err error) bool {
	fault, ok := errors.AsType[*Fault](err)
	return ok && fault.code == http.StatusNotFound
}

// next is the command that makes the file usable.
func next(path string) string {
	switch filepath.Ext(path) {
	case ".safetensors":
		return "robustvit inspect " + weights.ShellWord(path)
	case ".json":
		return "robustvit inspect " + weights.ShellWord(filepath.Dir(path))
	case ".bin", ".npz", ".pth", ".pt", ".tar", ".ckpt":
		return "robustvit convert " + weights.ShellWord(path)
	}
	return ""
}
