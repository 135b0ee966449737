package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// trainedEpochs of the runs that are killed at random, and their steps.
const (
	trainedEpochs = 20
	trainedSteps  = 2 * trainedEpochs
)

// logged is the moment when a run's log has so many bytes.
func logged(dir string, bytes int64) func() bool {
	path := filepath.Join(dir, "run", "log.jsonl")
	return func() bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() >= bytes
	}
}

// lineBytes is about the length of a line of the log.
const lineBytes = 225

// K1: kill -9 at a random moment of a finetuning; one in six dies before its first step.
func TestKillTraining(t *testing.T) {
	k, rng, count := theKit(t), random("K1"), kills{}
	args := append(k.finetuning(trainedEpochs), "--watch")
	want := k.unbroken(t, "run", args...)
	for i := range catalogue.Cases("K1") {
		catalogue.Case(t, "K1", fmt.Sprint(i), func(t *testing.T) {
			dir, _ := count.until(t, args, func() string { return k.place(t) }, func(dir string, try int) moment {
				if i%6 == 5 {
					return moment{later: upTo(rng, 100*time.Millisecond>>try)}
				}
				return moment{logged(dir, rng.Int64N(lineBytes*trainedSteps>>try)), upTo(rng, 3*time.Millisecond)}
			})
			run := filepath.Join(dir, "run")
			done := steps(t, run)
			again := args
			if _, err := os.Stat(filepath.Join(run, ".command.json")); err == nil && i%2 == 0 {
				again = []string{"finetune", "--resume", "--dir", "run"}
			}
			o := works(t, dir, nil, again...)
			if from := wentOnFrom(o); len(done)-from > saveEvery {
				t.Errorf("it had done %d steps and went on from step %d: more than the %d between two saves are lost", len(done), from, saveEvery)
			}
			everyStepOnce(t, run, trainedSteps)
			sameEnd(t, want, run)
		})
	}
	t.Log(count)
}

// K1 too: kill -9 while a model is trained from nothing and measured, which saves
// every 200 steps.
func TestKillPretraining(t *testing.T) {
	k, rng, count := theKit(t), random("K1 pretraining"), kills{}
	args := pretraining(250)
	want := k.unbroken(t, "base", args...)
	for i := range max(catalogue.Cases("K1")/12, 1) {
		catalogue.Case(t, "K1", fmt.Sprintf("pretraining %d", i), func(t *testing.T) {
			dir, _ := count.until(t, args, func() string { return k.place(t) }, func(dir string, try int) moment {
				n := rng.IntN(250 >> try)
				return moment{func() bool { return len(steps(t, filepath.Join(dir, "base"))) >= n }, upTo(rng, 3*time.Millisecond)}
			})
			works(t, dir, nil, args...)
			everyStepOnce(t, filepath.Join(dir, "base"), 250)
			sameEnd(t, want, filepath.Join(dir, "base"))
		})
	}
	t.Log(count)
}

// K12: the resumed run is killed, and so on, five times in one folder.
func TestKillResumed(t *testing.T) {
	k, rng, count := theKit(t), random("K12"), kills{}
	args := k.finetuning(trainedEpochs)
	want := k.unbroken(t, "run", args...)
	for i := range catalogue.Cases("K12") {
		catalogue.Case(t, "K12", fmt.Sprint(i), func(t *testing.T) {
			dir, life := k.place(t), 0
			for try := 0; life < 5; try++ {
				if try == tries {
					t.Fatalf("it ended after %d kills", life)
				}
				reached := int64(len(steps(t, filepath.Join(dir, "run"))))
				at := moment{logged(dir, lineBytes*min(reached+rng.Int64N(8), trainedSteps-4)), upTo(rng, 3*time.Millisecond)}
				_, caught := at.killed(t, dir, nil, args...)
				if caught {
					life++
					count.killed++
					continue
				}
				count.late++
				dir, life = k.place(t), 0
			}
			works(t, dir, nil, args...)
			everyStepOnce(t, filepath.Join(dir, "run"), trainedSteps)
			sameEnd(t, want, filepath.Join(dir, "run"))
		})
	}
	t.Log(count)
}

// K13: whatever the number of processors, before a kill and after it.
func TestKillOnOtherProcessors(t *testing.T) {
	k := theKit(t)
	args := k.finetuning(trainedEpochs)
	want := k.unbroken(t, "run", args...)
	for i, before := range []int{1, 2, 4} {
		after := []int{4, 1, 2}[i]
		catalogue.Case(t, "K13", fmt.Sprintf("%d then %d", before, after), func(t *testing.T) {
			dir := k.place(t)
			at := moment{logged(dir, lineBytes*trainedSteps/3), 0}
			if _, caught := at.killed(t, dir, []string{fmt.Sprintf("GOMAXPROCS=%d", before)}, args...); !caught {
				t.Log("it ended before it was killed")
			}
			works(t, dir, []string{fmt.Sprintf("GOMAXPROCS=%d", after)}, args...)
			sameEnd(t, want, filepath.Join(dir, "run"))
		})
	}
}
