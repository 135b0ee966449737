package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/internal/whole"
)

// Names of the files in a run folder; see the package comment.
const (
	ConfigFile      = "config.json"
	EnvironmentFile = "environment.jsonl"
	ManifestFile    = "manifest.jsonl"
	LogFile         = "log.jsonl"
	TimingFile      = "timing.jsonl"
	WeightsFile     = "weights.safetensors"
	ResultsFile     = "results.json"
	ReportFile      = "report.html"
	DoneFile        = "done.json"
	OutputFile      = "output.txt"
	lockFile        = "lock"
	detachedFile    = ".detached.json" // the Owner that writes OutputFile
	checkpointsDir  = "checkpoints"
	recordsDir      = "records"
)

// Run is an open run folder. Files of different names may be written from
// several goroutines; log, timing and checkpoints belong to one.
type Run struct {
	// Keep is the number of checkpoints that stay, at least 2.
	Keep int

	dir       string
	files     Files
	config    []byte // config.json
	configSum string // over the fields that must match
	changed   []Difference
	warnings  []string
	lock      *os.File // nil when open for reading
	owner     []byte   // what the lock file holds
	log       File     // open once Resume has placed it
	logStep   int      // step of the last line
	logSize   int64
	savedStep int // step of the newest checkpoint, -1 if none
	timing    File
}

// Create opens dir for writing: a new folder, or one that holds a run of the
// same config, to go on with it ([Run.Resume]). mayChange names config fields
// (JSON paths such as "epochs" or "progress.interval", a whole object by its
// name) in which the two may differ; the others must match, and the error names
// each that does not. A second writer is refused by the first one's process.
func Create(dir string, config any, mayChange ...string) (*Run, error) {
	return CreateOn(Disk{}, dir, config, mayChange...)
}

// CreateOn is [Create] on another file system, for tests that make its
// operations fail.
func CreateOn(files Files, dir string, config any, mayChange ...string) (*Run, error) {
	text, err := indented(config)
	if err != nil {
		return nil, fmt.Errorf("run folder %s: config: %w", dir, err)
	}
	if err := makeDurable(files, filepath.Clean(dir)); err != nil {
		return nil, fmt.Errorf("run folder %s cannot be made: %w; choose another place", dir, err)
	}
	if err := mustBeRunFolder(dir); err != nil {
		return nil, err
	}
	r := &Run{Keep: 2, dir: dir, files: files, savedStep: -1}
	if err := r.acquire(); err != nil {
		return nil, err
	}
	if err := r.begin(text, mayChange); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// begin compares or writes the config, under the lock.
func (r *Run) begin(text []byte, mayChange []string) error {
	r.sweep()
	sum, err := configSum(text, mayChange)
	if err != nil {
		return fmt.Errorf("run folder %s: config: %w", r.dir, err)
	}
	r.config, r.configSum = text, sum
	there, err := r.readFile(ConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return r.WriteFile(ConfigFile, text)
	}
	if err != nil {
		return r.fail("read", ConfigFile, err)
	}
	if r.changed, err = r.compareConfig(there, text, mayChange); err != nil || len(r.changed) == 0 {
		return err
	}
	// With other epochs asked the run is no longer finished.
	if err := r.files.Remove(r.Path(DoneFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r.fail("remove", DoneFile, err)
	}
	return r.WriteFile(ConfigFile, text)
}

// Open opens a run folder for reading, also while another process writes it.
func Open(dir string) (*Run, error) {
	text, err := os.ReadFile(filepath.Join(dir, ConfigFile))
	if err != nil {
		return nil, fmt.Errorf("%s is not a run folder: %s: %w", dir, ConfigFile, cause(err))
	}
	if !json.Valid(text) {
		return nil, fmt.Errorf("run folder %s: %s is not JSON; restore it or start another run", dir, ConfigFile)
	}
	return &Run{Keep: 2, dir: dir, files: Disk{}, config: text}, nil
}

// Dir is the folder as the user wrote it.
func (r *Run) Dir() string { return r.dir }

// Path is the path of a file in the folder.
func (r *Run) Path(name string) string { return filepath.Join(r.dir, name) }

// Has says whether the file name is there.
func (r *Run) Has(name string) bool {
	_, err := os.Stat(r.Path(name))
	return err == nil
}

// Changed lists the config fields in which this start differs from the last one.
func (r *Run) Changed() []Difference { return r.changed }

// Config decodes the run's config into v.
func (r *Run) Config(v any) error {
	if err := json.Unmarshal(r.config, v); err != nil {
		return r.fail("read", ConfigFile, err)
	}
	return nil
}

// readFile reads a small file of the folder whole.
func (r *Run) readFile(name string) ([]byte, error) {
	f, err := r.files.OpenFile(r.Path(name), os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// ReadJSON decodes the file name into v.
func (r *Run) ReadJSON(name string, v any) error {
	data, err := r.readFile(name)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		return r.fail("read", name, err)
	}
	return nil
}

// Done marks the run as finished and keeps its result. Nothing in it should
// depend on the clock.
func (r *Run) Done(result any) error {
	if r.log != nil { // a finished run's log is whole, whatever happens next
		if err := r.log.Sync(); err != nil {
			return r.fail("sync", LogFile, err)
		}
	}
	return r.WriteJSON(DoneFile, result)
}

// IsDone says whether the run has finished.
func (r *Run) IsDone() bool { return r.Has(DoneFile) }

// Close ends writing and lets the next writer in. Closing twice is fine.
func (r *Run) Close() error {
	var errs []error
	for _, f := range []*File{&r.log, &r.timing} {
		if *f != nil {
			errs = append(errs, (*f).Close())
			*f = nil
		}
	}
	errs = append(errs, r.release())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("run folder %s: close: %w", r.dir, err)
	}
	return nil
}

// makeDurable makes dir and the folders above it, each synced into its parent.
func makeDurable(files Files, dir string) error {
	if st, err := os.Stat(dir); err == nil {
		if !st.IsDir() {
			return errors.New("it is a file")
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if err := makeDurable(files, parent); err != nil {
		return err
	}
	if err := files.Mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return files.SyncDir(parent)
}

// mustBeRunFolder refuses a folder that holds something else: nobody wants a
// run written among their photographs.
func mustBeRunFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("run folder %s cannot be read: %w", dir, cause(err))
	}
	foreign := ""
	for _, e := range entries {
		switch name := e.Name(); {
		case name == ConfigFile:
			return nil
		case name != lockFile && name != OutputFile && !strings.HasPrefix(name, "."):
			foreign = name
		}
	}
	if foreign != "" {
		return fmt.Errorf("%s is not a run folder: it holds %s but no %s; choose a new or empty folder",
			dir, foreign, ConfigFile)
	}
	return nil
}

func (r *Run) writable() error {
	if r.lock == nil {
		return fmt.Errorf("run folder %s is open for reading only", r.dir)
	}
	return nil
}

// inPlace refuses to write files into a folder that is not the one that was
// locked: where it was moved or unmounted, another may have its name.
func (r *Run) inPlace() error {
	if err := r.writable(); err != nil {
		return err
	}
	// By what it holds: not every network's file system keeps a file's number.
	if text, err := os.ReadFile(r.Path(lockFile)); err != nil || !bytes.Equal(text, r.owner) {
		return fmt.Errorf("run folder %s is gone, or another one has its name; was it moved or unmounted? put it back and run the same command again", r.dir)
	}
	return nil
}

// fail is the one form of a file error: what, which file, why, what next.
func (r *Run) fail(verb, name string, err error) error {
	next := whole.Next(err)
	switch {
	case verb == "read" && errors.Is(err, fs.ErrNotExist):
		next = ""
	case verb == "read" && errors.Is(err, fs.ErrPermission):
		next = "; check its permissions"
	}
	return fmt.Errorf("%s %s: %w%s", verb, r.Path(name), cause(err), next)
}

// cause drops the path that os errors repeat, but keeps one that differs.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && err == error(pe) {
		return pe.Err
	}
	return err
}
