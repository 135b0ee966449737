package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Difference is one config field in which two configs differ.
type Difference struct {
	Field string `json:"field"` // JSON path, such as "loss.background" or "classes[3]"
	Old   string `json:"old"`   // JSON text; "(absent)" where the field is missing
	New   string `json:"new"`
}

// String is "field: old there, new asked".
func (d Difference) String() string {
	return fmt.Sprintf("%s: %s in the folder, %s now", d.Field, d.Old, d.New)
}

const absent = "(absent)"

// compareConfig returns the differences that are allowed, or an error with
// those that are not.
func (r *Run) compareConfig(old, new []byte, mayChange []string) ([]Difference, error) {
	was, err := flatten(old)
	if err != nil {
		return nil, fmt.Errorf("run folder %s: %s: %w; restore it or use another folder", r.dir, ConfigFile, err)
	}
	is, err := flatten(new)
	if err != nil {
		return nil, fmt.Errorf("run folder %s: config: %w", r.dir, err)
	}
	var allowed []Difference
	var refused []string
	for _, d := range differences(was, is) {
		if covers(mayChange, d.Field) {
			allowed = append(allowed, d)
		} else {
			refused = append(refused, d.String())
		}
	}
	if n := len(refused); n > 0 {
		const most = 10
		if n > most {
			refused = append(refused[:most], fmt.Sprintf("and %d more", n-most))
		}
		return nil, fmt.Errorf("run folder %s holds a run of another config; use its values to resume it, or another folder:\n  %s",
			r.dir, strings.Join(refused, "\n  "))
	}
	return allowed, nil
}

func differences(was, is map[string]string) []Difference {
	all := maps.Clone(was)
	maps.Copy(all, is)
	var diffs []Difference
	for _, field := range slices.Sorted(maps.Keys(all)) {
		d := Difference{field, absent, absent}
		if v, ok := was[field]; ok {
			d.Old = v
		}
		if v, ok := is[field]; ok {
			d.New = v
		}
		if !sameValue(d.Old, d.New) {
			diffs = append(diffs, d)
		}
	}
	return diffs
}

// sameValue compares JSON texts; 1e-4 is 0.0001.
func sameValue(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	// Long integers, such as seeds, are not compared through float64.
	return errX == nil && errY == nil && x == y && (strings.ContainsAny(a, ".eE") || strings.ContainsAny(b, ".eE"))
}

// covers says whether one of the names is the field or a part of the config around it.
func covers(names []string, field string) bool {
	for _, n := range names {
		if rest, ok := strings.CutPrefix(field, n); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// configSum is the fingerprint of the fields that must match: every checkpoint carries it.
func configSum(text []byte, mayChange []string) (string, error) {
	fields, err := flatten(text)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if !covers(mayChange, field) {
			fmt.Fprintf(h, "%q=%s\n", field, fields[field])
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// flatten turns a JSON object into its leaves: path to JSON text.
func flatten(text []byte) (map[string]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // numbers stay as written: a 64-bit seed does not pass through float64
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	leaves := map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(root)) {
		if err := flattenInto(leaves, k, root[k]); err != nil {
			return nil, err
		}
	}
	return leaves, nil
}

func flattenInto(leaves map[string]string, path string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if err := flattenInto(leaves, path+"."+k, x); err != nil {
				return err
			}
		}
		if len(v) > 0 {
			return nil
		}
	case []any:
		for i, x := range v {
			if err := flattenInto(leaves, fmt.Sprintf("%s[%d]", path, i), x); err != nil {
				return err
			}
		}
		if len(v) > 0 {
			return nil
		}
	}
	text, err := json.Marshal(v)
	leaves[path] = string(text)
	return err
}
