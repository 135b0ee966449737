package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// allowed are the fields in which a resumed run may differ.
var allowed = []string{"epochs", "save_every", "backend", "devices", "memory.micro_batch", "memory.rematerialise"}

// absentFields are those that the tiny run's config leaves out, with a value
// that the folder is made to hold.
var absentFields = map[string]any{"manifest_sha256": "ab", "rotate_exif": true, "memory": map[string]any{"micro_batch": 2}, "devices": 2}

// K9: every field of the config that a run was begun with: another value is
// refused with the field, both values and what to do, or allowed and recorded.
func TestResumeWithAnotherConfig(t *testing.T) {
	k := theKit(t)
	dir := k.stopped(t)
	path := filepath.Join(dir, "run", run.ConfigFile)
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := json.Unmarshal(original, &config); err != nil {
		t.Fatal(err)
	}
	for field := range absentFields {
		config[field] = nil
	}
	fields := reflect.TypeFor[finetune.Config]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		if _, ok := config[name]; !ok {
			t.Errorf("the test does not know the field %s of the config", name)
		}
	}
	for _, change := range changes(nil, config) {
		catalogue.Case(t, "K9", "begun with another "+change.field, func(t *testing.T) {
			changed := change.apply(t, original)
			if top, _, _ := strings.Cut(change.field, "."); slices.Contains(allowed, top) || slices.Contains(allowed, change.field) {
				k.allowedChange(t, change, changed)
				return
			}
			if err := os.WriteFile(path, changed, 0o644); err != nil {
				t.Fatal(err)
			}
			before := endState(t, filepath.Join(dir, "run"))
			o := catalogue.RunIn(t, dir, nil, k.finetuning(6)...)
			catalogue.CheckRefused(t, o, change.field+": "+change.old+" in the folder, "+change.new+" now", "run folder run", "use its values")
			sameEnd(t, before, filepath.Join(dir, "run"))
		})
	}
}

// change is one field of the folder's config with another value: old is what
// the folder is made to hold, new what the command asks for, both as JSON.
type change struct {
	field    string
	old, new string
	keys     []string
	index    int // in an array, else -1
	value    any
}

// changes are one for every leaf of the config, and for its absent fields.
func changes(keys []string, config map[string]any) (all []change) {
	for _, key := range slices.Sorted(maps.Keys(config)) {
		at := append(slices.Clone(keys), key)
		field := strings.Join(at, ".")
		switch v := config[key].(type) {
		case map[string]any:
			all = append(all, changes(at, v)...)
		case []any:
			if len(v) > 0 {
				all = append(all, change{fmt.Sprintf("%s[0]", field), text(other(v[0])), text(v[0]), at, 0, other(v[0])})
			}
		case nil:
			value := absentFields[key]
			c := change{field, text(value), "(absent)", at, -1, value}
			if inner, ok := value.(map[string]any); ok {
				c.field, c.old = field+".micro_batch", text(inner["micro_batch"])
			}
			all = append(all, c)
		default:
			all = append(all, change{field, text(other(v)), text(v), at, -1, other(v)})
		}
	}
	return all
}

// other is another value of the kind.
func other(v any) any {
	switch v := v.(type) {
	case float64:
		return v + 1
	case bool:
		return !v
	}
	return fmt.Sprint(v, "x")
}

func text(v any) string {
	s, _ := json.Marshal(v)
	return string(s)
}

// apply gives the config text the folder's value.
func (c change) apply(t *testing.T, config []byte) []byte {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(config, &root); err != nil {
		t.Fatal(err)
	}
	at := root
	for _, key := range c.keys[:len(c.keys)-1] {
		at = at[key].(map[string]any)
	}
	last := c.keys[len(c.keys)-1]
	if c.index >= 0 {
		at[last].([]any)[c.index] = c.value
	} else {
		at[last] = c.value
	}
	return []byte(text(root))
}

// allowedChange: the run goes on to the unbroken end, says what changed and
// notes it in the folder.
func (k *kit) allowedChange(t *testing.T, c change, config []byte) {
	t.Helper()
	dir := k.stopped(t)
	folder := filepath.Join(dir, "run")
	if err := os.WriteFile(filepath.Join(folder, run.ConfigFile), config, 0o644); err != nil {
		t.Fatal(err)
	}
	o := works(t, dir, nil, k.finetuning(6)...)
	said := fmt.Sprintf("%s: %s in the folder, %s now", c.field, c.old, c.new)
	if !strings.Contains(o.Err, said) || wentOnFrom(o) != 6 {
		t.Errorf("it does not say that it goes on from step 6 with %q: %v", said, o)
	}
	starts, err := os.ReadFile(filepath.Join(folder, run.EnvironmentFile))
	if noted := fmt.Sprintf(`"changed":[{"field":%s,"old":%s,"new":%s}]`, text(c.field), text(c.old), text(c.new)); err != nil || !strings.Contains(string(starts), noted) {
		t.Errorf("%s lacks %s: %s, %v", run.EnvironmentFile, noted, starts, err)
	}
	sameEnd(t, k.unbroken(t, "run", k.finetuning(6)...), folder)
}

// K9 too, by the flags that a user gives.
func TestResumeWithOtherFlags(t *testing.T) {
	k := theKit(t)
	dir := k.stopped(t)
	for _, c := range []struct{ flags, words string }{
		{"--batch 2", "batch: 4 in the folder, 2 now"}, {"--rate 0.001", "rate: 0.00004 in the folder, 0.001 now"}, {"--seed 1", "seed: 0 in the folder, 1 now"},
		{"--per-class 3", "per_class: 4 in the folder, 3 now"}, {"--lambda-relevance 0.5", "objective.lambda_relevance: 0.8 in the folder, 0.5 now"},
		{"--class-term true-class-all", "objective.class_term"}, {"--augment none", "augment.kind"},
		{"--weights " + k.at("tuned"), "weights_sha256"}, {"--classes class0", "classes[1]"}, {"--order second-order", "objective.order"},
	} {
		catalogue.Case(t, "K9", c.flags, func(t *testing.T) {
			before := endState(t, filepath.Join(dir, "run"))
			o := catalogue.RunIn(t, dir, nil, append(k.finetuning(6), strings.Fields(c.flags)...)...)
			catalogue.CheckRefused(t, o, c.words, "in the folder", "use its values")
			sameEnd(t, before, filepath.Join(dir, "run"))
		})
	}
}
