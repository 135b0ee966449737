package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestSignalsCancel(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		code   int
	}{{syscall.SIGINT, 130}, {syscall.SIGTERM, 143}, {syscall.SIGHUP, 129}} {
		if signal.Ignored(c.signal) {
			t.Logf("%v is ignored here (nohup), and stays ignored", c.signal)
			continue
		}
		ctx, stop := Context(context.Background())
		if err := syscall.Kill(os.Getpid(), c.signal); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
			t.Fatalf("%v did not cancel", c.signal)
		}
		err := fmt.Errorf("finetune: %w", context.Cause(ctx))
		if got := ExitCode(err); got != c.code {
			t.Errorf("%v: exit code %d, want %d", err, got, c.code)
		}
		stop()
		stop()
	}
	if ExitCode(nil) != 0 || ExitCode(errors.New("fault")) != 1 {
		t.Error("exit codes of success and fault")
	}
}

// stuck is a child whose loop does not look at its context.
func stuck(interrupts int) error {
	ctx, stop := Context(context.Background())
	defer stop()
	for range interrupts {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			return err
		}
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond) // two pending signals of a kind count as one
	}
	time.Sleep(200 * time.Millisecond)
	return errors.New("still there")
}

// TestMain doubles as the stuck child, which gets so many interrupts.
func TestMain(m *testing.M) {
	if n, err := strconv.Atoi(os.Getenv(stuckChild)); err == nil {
		fmt.Fprintln(os.Stderr, stuck(n))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const stuckChild = "RUN_TEST_STUCK"

func TestSecondInterruptEndsAtOnce(t *testing.T) {
	for interrupts, code := range map[int]int{1: 1, 2: 130} {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), fmt.Sprintf("%s=%d", stuckChild, interrupts))
		child.Run() // its error is the exit code, compared below
		if got := child.ProcessState.ExitCode(); got != code {
			t.Errorf("%d interrupts: exit code %d, want %d", interrupts, got, code)
		}
	}
}
