package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// process is one side of a comparison: a program that answers requests.
type process struct {
	name string
	ctx  context.Context
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	err  *tail
}

// command says how a side is started.
type command struct {
	name string // in errors
	args []string
	hint string // what to do when it does not start

	env []string // beside the environment of the bench
}

// start runs the program until close, or until the context ends.
func (c command) start(ctx context.Context) (*process, error) {
	p := &process{name: c.name, ctx: ctx, cmd: exec.CommandContext(ctx, c.args[0], c.args[1:]...), err: &tail{}}
	p.cmd.Env = append(os.Environ(), c.env...)
	p.cmd.Stderr, p.cmd.WaitDelay = p.err, time.Second/2
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("bench: start %s: %w", c.name, err)
	}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("bench: start %s: %w%s", c.name, err, c.hint)
	}
	p.in, p.out = in, bufio.NewReader(out)
	return p, nil
}

// hello starts the side and asks what it is.
func (c command) hello(ctx context.Context) (map[string]string, error) {
	p, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	defer p.close()
	a, err := p.ask(request{Do: "hello"})
	if err != nil && context.Cause(ctx) == nil {
		err = fmt.Errorf("%w%s", err, c.hint)
	}
	if err != nil {
		return nil, err
	}
	return a.Facts, nil
}

// ask sends a request and waits for its answer.
func (p *process) ask(q request) (answer, error) {
	var a answer
	err := json.NewEncoder(p.in).Encode(q)
	var line []byte
	if err == nil {
		line, err = p.out.ReadBytes('\n')
	}
	if err == nil {
		if err = json.Unmarshal(line, &a); err != nil {
			err = fmt.Errorf("its answer %.80q is not JSON", line)
		}
	}
	switch {
	case context.Cause(p.ctx) != nil:
		return a, context.Cause(p.ctx)
	case err != nil:
		return a, fmt.Errorf("bench: %s (%s): %w", p.name, q.Do, p.ended(err))
	case a.Error != "":
		return a, fmt.Errorf("bench: %s (%s): %s", p.name, q.Do, a.Error)
	}
	return a, nil
}

// ended says why a side does not answer: its own last words are the best reason.
func (p *process) ended(err error) error {
	if !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "pipe") {
		return err
	}
	p.close()
	text := fmt.Sprintf("it ended (%v)", p.cmd.ProcessState)
	if text == "it ended (signal: killed)" {
		text += ", as the system does where memory runs out; a smaller --batch takes less"
	}
	if last := p.err.last(); last != "" {
		text += ": " + last
	}
	return errors.New(text)
}

// close lets the program end and waits for it.
func (p *process) close() {
	p.in.Close()
	_ = p.cmd.Wait() // what mattered was in its answers
}

// tail keeps the end of what a program writes to standard error.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 8 << 10
	t.text = append(t.text, text...)
	t.text = t.text[max(len(t.text)-most, 0):]
	return len(text), nil
}

// last is the last line that says something.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
