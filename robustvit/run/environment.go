package run

import (
	"encoding/json"
	"fmt"
)

// Environment notes in environment.jsonl the backend and versions of this start,
// the step from which it goes on, and what it changed of the config. It returns
// in what backend and versions differ from the start before: on another device
// or version the resumed run's bits may differ.
func (r *Run) Environment(step int, environment any) ([]Difference, error) {
	type start struct {
		Step        int             `json:"step"`
		Environment json.RawMessage `json:"environment"`
		Changed     []Difference    `json:"changed,omitempty"`
	}
	if err := r.writable(); err != nil {
		return nil, err
	}
	now, err := json.Marshal(environment)
	if err != nil {
		return nil, r.fail("append to", EnvironmentFile, err)
	}
	var earlier []start
	if r.Has(EnvironmentFile) {
		if earlier, err = ReadLines[start](r, EnvironmentFile); err != nil {
			return nil, err
		}
	}
	f, _, err := r.openLines(EnvironmentFile, -1)
	if err != nil {
		return nil, r.fail("open", EnvironmentFile, err)
	}
	text, err := line(start{step, now, r.changed})
	if err == nil {
		_, err = f.Write(text)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, r.fail("append to", EnvironmentFile, err)
	}
	if len(earlier) == 0 {
		return nil, nil
	}
	return environmentChanges(earlier[len(earlier)-1].Environment, now)
}

func environmentChanges(old, new []byte) ([]Difference, error) {
	was, err := flatten(old)
	if err != nil {
		return nil, fmt.Errorf("environment: %w", err)
	}
	is, err := flatten(new)
	if err != nil {
		return nil, fmt.Errorf("environment: %w", err)
	}
	return differences(was, is), nil
}
