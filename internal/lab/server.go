package lab

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ServerOptions of [Start]. The zero value is what `robustvit lab` uses.
type ServerOptions struct {
	Port int       // first port to try; 0 is 8888. A busy one is passed over
	Out  io.Writer // the URL and how to stop; nil is os.Stdout
	Log  io.Writer // the server's own log; nil is .venv/jupyter/server.log
	// Started, if set, gets the URL with its token once the server answers.
	Started func(url string)
}

// Start runs JupyterLab on 127.0.0.1 with a fresh token, shows root's
// notebooks folder, prints the URL and returns when ctx ends or the server
// does. The environment must have been made by [EnsureLab].
func Start(ctx context.Context, root string, options ServerOptions) error {
	l := layout{newVenv(root)}
	if options.Out == nil {
		options.Out = os.Stdout
	}
	if options.Port == 0 {
		options.Port = 8888
	}
	token, err := newToken()
	if err != nil {
		return err
	}
	if options.Log == nil {
		file, err := l.createLog()
		if err != nil {
			return err
		}
		defer file.Close()
		options.Log = file
	}
	cmd := exec.CommandContext(ctx, l.venv.Python(), l.serverArgs(options.Port)...)
	cmd.Dir = root
	// In the environment, where other users' ps does not show it.
	cmd.Env = l.environment("JUPYTER_TOKEN=" + token)
	cmd.Stdout, cmd.Stderr = options.Log, options.Log
	if err := runServer(ctx, cmd, func() { l.announce(ctx, cmd.Process.Pid, token, options) }); err != nil {
		return fmt.Errorf("run JupyterLab: %w; its log is %s; next: robustvit lab --setup, robustvit doctor",
			err, filepath.Join(".venv", "jupyter", "server.log"))
	}
	return nil
}

// serverArgs are the settings that no configuration file may change.
func (l layout) serverArgs(port int) []string {
	args := []string{"-m", "jupyterlab",
		"--no-browser",
		"--ServerApp.ip=127.0.0.1",
		"--ServerApp.port=" + strconv.Itoa(port),
		"--ServerApp.port_retries=50",
		"--ServerApp.allow_remote_access=False",
		"--ServerApp.disable_check_xsrf=False",
		"--ServerApp.root_dir=" + l.root(),
		"--LabApp.extension_manager=readonly",
		"--MultiKernelManager.default_kernel_name=gonb",
	}
	if info, err := os.Stat(filepath.Join(l.root(), "notebooks")); err == nil && info.IsDir() {
		args = append(args, "--ServerApp.preferred_dir="+filepath.Join(l.root(), "notebooks"))
	}
	if os.Getuid() == 0 { // in containers; Jupyter asks to be told
		args = append(args, "--allow-root")
	}
	return args
}

// runServer starts the command, calls started, and waits. The command gets
// SIGTERM when ctx ends: on the terminal's own SIGINT Jupyter would ask back.
func runServer(ctx context.Context, cmd *exec.Cmd, started func()) error {
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return cmd.Process.Signal(stopSignal) }
	cmd.WaitDelay = 10 * time.Second
	defer pinThread()()
	if err := cmd.Start(); err != nil {
		return err
	}
	go started()
	err := cmd.Wait()
	if ctx.Err() != nil {
		return nil // stopping was asked for
	}
	if err == nil {
		err = errors.New("the server ended by itself")
	}
	return err
}

// announce waits for the server's own file with its port and prints the URL.
func (l layout) announce(ctx context.Context, pid int, token string, options ServerOptions) {
	file := l.venv.Path("jupyter", "runtime", fmt.Sprintf("jpserver-%d.json", pid))
	for ctx.Err() == nil {
		var server struct {
			Port int `json:"port"`
		}
		if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &server) == nil && server.Port != 0 {
			address := (&url.URL{Scheme: "http", Host: "127.0.0.1:" + strconv.Itoa(server.Port),
				Path: "/lab/tree/" + l.firstPage(), RawQuery: "token=" + token}).String()
			fmt.Fprintf(options.Out, "JupyterLab: %s\nCtrl-C here stops it and its kernels.\n", address)
			if options.Started != nil {
				options.Started(address)
			}
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// firstPage is what the browser opens on.
func (l layout) firstPage() string {
	found, _ := filepath.Glob(filepath.Join(l.root(), "notebooks", "*.ipynb"))
	if len(found) == 0 {
		return ""
	}
	return "notebooks/" + filepath.Base(found[0])
}

func (l layout) createLog() (*os.File, error) {
	file := l.venv.Path("jupyter", "server.log")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, fmt.Errorf("make the server's log: %w", err)
	}
	log, err := os.Create(file)
	if err != nil {
		return nil, fmt.Errorf("make the server's log: %w", err)
	}
	return log, nil
}

func newToken() (string, error) {
	var bytes [24]byte
	if _, err := rand.Read(bytes[:]); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return strings.ToLower(hex.EncodeToString(bytes[:])), nil
}
