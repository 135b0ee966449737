//go:build cgo && !noxla

package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A plugin that is faulty, or that does not know a flag of XLA_FLAGS, ends the
// process in C++, where no error can be caught. So what this project did not
// install itself is started in a child first: this program again, whichever it
// is, with probeEnv = "PARENT PLUGIN", which init sends off before any main.
const (
	probeEnv  = "ROBUSTVIT_PROBE_PLUGIN"
	probeDone = "started or refused, and alive"
	// probeTime is far above what a start takes: some 0.1 s, on GPUs seconds.
	probeTime = 2 * time.Minute
)

func init() {
	parent, path, _ := strings.Cut(os.Getenv(probeEnv), " ")
	if parent == "" || parent != fmt.Sprint(os.Getppid()) {
		return
	}
	p := plugin{Name: pluginName(path), Path: path}
	// Its error and its panic are not fatal: the parent will meet them itself.
	_ = Guard(0, func() error {
		_, _, err := openXLA(p, "")
		return err
	})
	fmt.Print(probeDone)
	os.Exit(0)
}

// probed are the plugins that a child of this process has started.
var probed sync.Map // of path and flags

// probe starts the plugin in a child where it could end this process.
func (p plugin) probe(root string) error {
	flags := environment("XLA_FLAGS")
	if flags == "" && inVenv(p.Path, root) {
		return nil
	}
	key := p.Path + "\n" + flags
	if _, ok := probed.Load(key); ok {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return nil // no child, no news
	}
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", probeEnv, os.Getpid(), p.Path), "GOTRACEBACK=none")
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	err = cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil // it could not be started
	}
	if strings.HasSuffix(out.String(), probeDone) {
		probed.Store(key, true)
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("plugin %s did not start within %v%s", p.Path, probeTime, xlaHint(p.kind()))
	}
	return p.crashed(flags, cmd.ProcessState.String(), fault.String())
}

// fatalLine is how XLA's C++ takes its leave, or Go where C took it.
var fatalLine = regexp.MustCompile(`(?m)^(?:F\d{4} .*?\] (.*)|(SIG.*))$`)

// crashed explains a child that did not come back.
func (p plugin) crashed(flags, state, text string) error {
	reason := ""
	if m := fatalLine.FindStringSubmatch(text); m != nil {
		reason = m[1] + m[2]
	}
	if flags != "" && strings.Contains(text, "parse_flags_from_env") {
		if strings.HasPrefix(reason, "Check failed") { // the source line says nothing to a user
			reason = "a flag has a value that it does not take"
		}
		return fmt.Errorf("XLA_FLAGS=%q is not understood by the plugin %s: %s; correct the flags, or unset XLA_FLAGS", flags, p.Path, reason)
	}
	if reason == "" {
		reason = state
	}
	return fmt.Errorf("plugin %s ends the process when it starts (%s)%s", p.Path, reason, xlaHint(p.kind()))
}
