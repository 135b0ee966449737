package run

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Append adds one entry, a struct or map with the integer field "step", to
// log.jsonl. Steps never fall, and what belongs to a step comes before its
// [Run.SaveCheckpoint]: a resume goes on behind it. Entries hold no clock and no durations (those go
// to [Run.Timing]): a resumed run writes the same bytes as an unbroken one.
// NaN and infinity have no JSON form and are refused.
func (r *Run) Append(entry any) error {
	if err := r.writable(); err != nil {
		return err
	}
	if r.log == nil {
		return fmt.Errorf("append to %s: call Resume first, it says where the log goes on", r.Path(LogFile))
	}
	text, err := line(entry)
	if err != nil {
		return r.fail("append to", LogFile, err)
	}
	step, ok := stepOf(text)
	if !ok {
		return r.fail("append to", LogFile, fmt.Errorf(`entry without an integer "step": %s`, bytes.TrimSpace(text)))
	}
	if step < r.logStep {
		return r.fail("append to", LogFile, fmt.Errorf("step %d after step %d", step, r.logStep))
	}
	if step <= r.savedStep {
		return r.fail("append to", LogFile, fmt.Errorf("step %d after its checkpoint was saved: log first, then save", step))
	}
	if n, err := r.log.Write(text); err != nil || n < len(text) {
		r.log.Truncate(r.logSize) // no half line before the next entry
		return r.fail("append to", LogFile, shortWrite(n, len(text), err))
	}
	r.logStep, r.logSize = step, r.logSize+int64(len(text))
	return nil
}

// Took adds the time since the start of this process's work to timing.jsonl and
// returns it, in seconds. Results keep it out of their files: a resumed run ends
// with the same bytes.
func (r *Run) Took(start time.Time) (seconds float64, err error) {
	seconds = time.Since(start).Seconds()
	return seconds, r.Timing(map[string]float64{"seconds": seconds})
}

// Timing adds one entry with durations to timing.jsonl. A resumed run repeats
// the steps it does again.
func (r *Run) Timing(entry any) error {
	if err := r.writable(); err != nil {
		return err
	}
	if r.timing == nil {
		f, _, err := r.openLines(TimingFile, -1)
		if err != nil {
			return r.fail("open", TimingFile, err)
		}
		r.timing = f
	}
	text, err := line(entry)
	if err != nil {
		return r.fail("append to", TimingFile, err)
	}
	if n, err := r.timing.Write(text); err != nil || n < len(text) {
		return r.fail("append to", TimingFile, shortWrite(n, len(text), err))
	}
	return nil
}

// openLog places the log at size bytes, the length it had at the checkpoint
// that the run goes on from.
func (r *Run) openLog(size int64) error {
	if r.log != nil {
		r.log.Close()
		r.log = nil
	}
	f, kept, err := r.openLines(LogFile, size)
	if err != nil {
		return r.fail("open", LogFile, err)
	}
	if int64(len(kept)) < size {
		r.warnings = append(r.warnings, fmt.Sprintf("%s holds %d bytes, the checkpoint was taken at %d: "+
			"its entries up to there are lost, the run goes on", r.Path(LogFile), len(kept), size))
	}
	r.log, r.logSize, r.logStep = f, int64(len(kept)), 0
	if last := bytes.LastIndexByte(bytes.TrimSuffix(kept, []byte("\n")), '\n'); len(kept) > 0 {
		r.logStep, _ = stepOf(kept[last+1:])
	}
	return nil
}

// openLines opens a lines file for appending, cut to its whole lines within
// the first most bytes (all if most is negative), and returns what it kept.
func (r *Run) openLines(name string, most int64) (File, []byte, error) {
	path := r.Path(name)
	kept, err := r.readFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	total := len(kept)
	if most >= 0 && int64(total) > most {
		kept = kept[:most]
	}
	kept = kept[:bytes.LastIndexByte(kept, '\n')+1]
	f, err := r.files.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return nil, nil, err
	}
	if len(kept) < total {
		if err := f.Truncate(int64(len(kept))); err != nil {
			f.Close()
			return nil, nil, err
		}
	}
	return f, kept, nil
}

// ReadLines reads a JSON Lines file of the run. An unfinished last line, which
// a live run may have, is left out.
func ReadLines[T any](r *Run, name string) ([]T, error) {
	f, err := os.Open(r.Path(name))
	if err != nil {
		return nil, r.fail("read", name, err)
	}
	defer f.Close()
	var all []T
	in := bufio.NewReader(f)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF {
			return all, nil
		}
		var v T
		if err == nil {
			err = json.Unmarshal(text, &v)
		}
		if err != nil {
			return nil, r.fail("read", name, fmt.Errorf("line %d: %w", n, err))
		}
		all = append(all, v)
	}
}

func stepOf(text []byte) (int, bool) {
	var e struct {
		Step *int `json:"step"`
	}
	if json.Unmarshal(text, &e) != nil || e.Step == nil || *e.Step < 0 {
		return 0, false
	}
	return *e.Step, true
}

func shortWrite(n, want int, err error) error {
	if err == nil && n < want {
		return io.ErrShortWrite
	}
	return err
}
