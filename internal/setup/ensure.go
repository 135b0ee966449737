package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// again is the command that repeats the set-up after something was mended.
const again = "go run ./cmd/robustvit setup"

// Options of [Ensure]. The zero value is what demo uses.
type Options struct {
	// OwnPlugin installs into .venv even if PJRT_PLUGIN_LIBRARY_PATH already
	// names a folder with a CPU plugin.
	OwnPlugin bool
}

// Missing is one thing that was not there, and the command that mends it.
type Missing struct {
	What string `json:"what"`
	Mend string `json:"mend"`
}

// Result says what [Ensure] found or made.
type Result struct {
	Ready   bool          `json:"ready"`            // an XLA plugin is there and was checked
	Plugin  string        `json:"plugin,omitempty"` // its absolute path
	Package string        `json:"package,omitempty"`
	Version string        `json:"version,omitempty"`
	Fresh   bool          `json:"fresh"` // installed by this call
	Missing []Missing     `json:"missing,omitempty"`
	Took    time.Duration `json:"took_ns"`
}

// Backend names the backend that the result allows.
func (r Result) Backend() string {
	if r.Ready {
		return "xla:cpu"
	}
	return "go:ops_sequential"
}

// Ensure provides the XLA plugin in root's .venv: it makes the environment,
// installs the pinned wheel with its hash checked, and says on out what it
// does. Where everything is there it returns at once and prints nothing. What
// cannot be had here is listed in [Result.Missing] and on out; the error is
// only for a cancelled context and for a folder that is not a project.
func Ensure(ctx context.Context, root string, out io.Writer, options Options) (Result, error) {
	if found, err := ProjectRoot(root); err != nil || !sameFolder(found, root) {
		return Result{}, errors.Join(err, fmt.Errorf("set up %q: this is not the project folder", root))
	}
	i := installer{venv: Venv{Root: root}, sources: pluginSources(), out: out}
	return i.ensure(ctx, options)
}

// installer is one call of [Ensure].
type installer struct {
	venv    Venv
	sources []source
	out     io.Writer
}

func (i installer) ensure(ctx context.Context, options Options) (Result, error) {
	start := time.Now()
	result, err := i.quick(options)
	if err != nil {
		result, err = i.install(ctx)
	}
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	result.Took = time.Since(start)
	var missing missingError
	if errors.As(err, &missing) {
		result.Missing = append(result.Missing, Missing(missing))
	} else if err != nil {
		result.Missing = append(result.Missing, Missing{What: err.Error(), Mend: again})
	}
	for _, each := range result.Missing {
		fmt.Fprintf(i.out, "setup: no XLA plugin: %s\nsetup:   to mend it: %s\n"+
			"setup:   going on with the Go backend (go:ops_sequential), about 4 to 6 times slower\n", each.What, each.Mend)
	}
	return result, nil
}

func sameFolder(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// missingError carries a [Missing] through error returns.
type missingError Missing

func (m missingError) Error() string { return m.What + "; to mend it: " + m.Mend }

// quick answers without starting a process.
func (i installer) quick(options Options) (Result, error) {
	if !builtWithCgo {
		return Result{}, errNotInstalled
	}
	if file := pluginOnPath(); file != "" && !options.OwnPlugin {
		return Result{Ready: true, Plugin: file, Package: "PJRT_PLUGIN_LIBRARY_PATH"}, nil
	}
	if s, ok := readStamp(i.venv, i.sources); ok {
		return s.result(i.venv, false), nil
	}
	return Result{}, errNotInstalled
}

func (s stamp) result(v Venv, fresh bool) Result {
	return Result{Ready: true, Plugin: v.Path(s.File), Package: s.Package, Version: s.Version, Fresh: fresh}
}

// pluginOnPath returns the CPU plugin in the folders the user named, if any.
func pluginOnPath() string {
	for _, folder := range filepath.SplitList(os.Getenv("PJRT_PLUGIN_LIBRARY_PATH")) {
		file := filepath.Join(folder, PluginName)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file
		}
	}
	return ""
}

// install does the slow part, in steps that may be interrupted anywhere: the
// stamp written last is what makes a plugin count.
func (i installer) install(ctx context.Context) (Result, error) {
	if err := machineAllows(); err != nil {
		return Result{}, err
	}
	lock, err := i.venv.Lock(ctx, i.out)
	if err != nil {
		return Result{}, err
	}
	defer lock.Release()
	for _, src := range i.sources { // by another command, by hand, or before a kill
		if s, err := src.check(i.venv); err == nil {
			return s.result(i.venv, false), nil
		}
	}
	if err := i.venv.Ensure(ctx, lock, i.out); err != nil {
		return Result{}, err
	}
	var first error
	for _, src := range i.sources {
		s, err := i.fetch(ctx, lock, src)
		if err == nil {
			return s.result(i.venv, true), nil
		}
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		fmt.Fprintf(i.out, "setup: %v\n", err)
		if first == nil {
			first = err
		}
		var pip *PipError
		if errors.As(err, &pip) && pip.reason().everywhere {
			break
		}
	}
	var pip *PipError
	if errors.As(first, &pip) {
		return Result{}, missingError{What: pip.reason().what, Mend: pip.reason().mend}
	}
	return Result{}, first
}

// fetch installs one source and checks what came.
func (i installer) fetch(ctx context.Context, lock *Lock, src source) (stamp, error) {
	start := time.Now()
	fmt.Fprintf(i.out, "setup: installing %s %s into .venv (XLA for the CPU, 63 MB, once)\n", src.pkg, src.version)
	err := i.venv.PipInstall(ctx, lock, i.out, src.requirements, "--no-deps", "--force-reinstall")
	if err != nil {
		return stamp{}, err
	}
	s, err := src.check(i.venv)
	if err == nil {
		fmt.Fprintf(i.out, "setup: XLA plugin installed, sha256 checked, %.0f s\n", time.Since(start).Seconds())
	}
	return s, err
}

// machineAllows reports what no download can mend.
func machineAllows() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return missingError{What: fmt.Sprintf("there is no pinned CPU plugin for %s/%s, only for linux/amd64", runtime.GOOS, runtime.GOARCH),
			Mend: "set PJRT_PLUGIN_LIBRARY_PATH to a folder with a " + PluginName + " of your own"}
	}
	if !builtWithCgo {
		return missingError{What: "this program was built without cgo, which loads the plugin",
			Mend: installCommand("cc") + ", then with CGO_ENABLED=1: " + again}
	}
	return nil
}

// Ensure makes the environment where it does not work yet.
func (v Venv) Ensure(ctx context.Context, lock *Lock, out io.Writer) error {
	if v.Works(ctx) {
		return nil
	}
	python, err := FindPython(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return missingError{What: err.Error(), Mend: installCommand("python") + ", then: " + again}
	}
	if !python.Venv {
		return missingError{What: fmt.Sprintf("%s (%s) lacks the venv module", python.Path, python.Version),
			Mend: installCommand("python") + ", then: " + again}
	}
	fmt.Fprintf(out, "setup: making %s with Python %s (%s)\n", v.name(), python.Version, python.Path)
	return v.Create(ctx, python, lock)
}
