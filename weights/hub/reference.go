package hub

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/robustvit/workbench/weights"
)

// Reference names one file on the hub.
type Reference struct {
	Repo     string // owner/name
	Revision string // branch, tag or commit
	File     string // path in the repository
}

const (
	defaultRevision = "main"
	defaultFile     = "model.safetensors"
)

var (
	repoPart = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}$`)
	revision = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$`)
)

// Parse reads a name of the registry (timm's, the paper's or an alias), or
// owner/repo[@revision][:file]; the file is model.safetensors unless named.
// What could leave the repository or the folder it is written to is refused.
func Parse(name string) (Reference, error) {
	known, err := weights.LookupKnown(name)
	switch {
	case err == nil:
		return Reference{Repo: known.Repo, Revision: defaultRevision, File: known.File}, nil
	case !strings.Contains(name, "/"):
		return Reference{}, fmt.Errorf("fetch: %w; or name a file of the hub as owner/repo[:file]", err)
	}
	repo, file, _ := strings.Cut(name, ":")
	repo, rev, named := strings.Cut(repo, "@")
	r := Reference{Repo: repo, Revision: rev, File: file}
	if !named {
		r.Revision = defaultRevision
	}
	if r.File == "" {
		r.File = defaultFile
	}
	owner, model, _ := strings.Cut(repo, "/")
	switch {
	case !repoPart.MatchString(owner) || !repoPart.MatchString(model) || strings.Contains(repo, "..") || strings.Contains(repo, "--"): // -- divides owner and name on disk
		return r, fmt.Errorf("fetch %.100q: found repository %.100q, expected owner/name of letters, digits, dots and dashes; copy it from the model's page", name, repo)
	case !revision.MatchString(r.Revision) || strings.Contains(r.Revision, "..") || path.Clean(r.Revision) != r.Revision:
		return r, fmt.Errorf("fetch %.100q: found revision %.100q, expected a branch, tag or commit; copy it from the model's page", name, r.Revision)
	case !plainPath(r.File):
		return r, fmt.Errorf("fetch %.100q: found file %.100q, expected a path inside the repository without .. and hidden parts; copy it from the model's page", name, r.File)
	}
	return r, nil
}

// plainPath allows what is safe as a path in a URL and as a local file name.
func plainPath(file string) bool {
	if len(file) > 200 || path.Clean(file) != file || strings.ContainsAny(file, `\:*?"<>|`) || strings.ContainsFunc(file, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return false
	}
	for part := range strings.SplitSeq(file, "/") {
		if part == "" || part[0] == '.' || part[0] == '-' {
			return false
		}
	}
	return true
}

// beside is a file in the same folder of the repository.
func (r Reference) beside(name string) Reference {
	r.File = path.Join(path.Dir(r.File), name)
	return r
}

// String is the reference as Parse reads it.
func (r Reference) String() string {
	if r.Revision == defaultRevision {
		return r.Repo + ":" + r.File
	}
	return r.Repo + "@" + r.Revision + ":" + r.File
}

// folder is the name of the local folder that holds the repository's files.
func (r Reference) folder() string {
	name := strings.Replace(r.Repo, "/", "--", 1)
	if r.Revision != defaultRevision {
		name += "@" + strings.ReplaceAll(r.Revision, "/", "--")
	}
	return name
}
