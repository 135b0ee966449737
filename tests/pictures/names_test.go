package pictures

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/robustvit/workbench/tests/catalogue"
)

// strange are names of files that mean something elsewhere: to a shell, a
// spreadsheet, a browser, a format string.
func strange() map[string]string {
	return map[string]string{
		"leading dashes": "--help", "a dash alone": "-", "percent": "%s%n%x%2e%2e%2f", "blanks": " a  b ", "quotes": `'"`, "markup": "<script>alert(1)<", "entity": "&lt;b&gt;",
		"formula": "=1+cmd|' C'!A0", "at sign": "@SUM(1)", "commas": "a,b;c", "backslashes": `x..\..\windows`, "dots": "a..b...", "shell": "$(touch x);`id`", "home": "~",
		"star": "*?[a]", "accent": "caf\u00e9", "accent apart": "cafe\u0301", "right to left": "\u05d0\u05d1\u05d2", "picture": "\U0001f431", "250 bytes": strings.Repeat("x", 250), "colon": "C:aux",
		"braces": "{{.}}${x}", "emoji joined": "\U0001f469\u200d\U0001f52c",
	}
}

// mute are names that are refused: they would move the cursor, break lines or
// turn the direction of writing.
func mute() map[string]string {
	return map[string]string{"line break": "a\nb", "carriage return": "a\rb", "tab": "a\tb", "escape": "\x1b[2Jb", "bell": "a\ab", "delete": "a\x7fb", "C1": "a\u009b2J",
		"no UTF-8": "a\xff\xfeb", "half a character": "a\xc3", "override": "a\u202egpj.exe", "isolate": "a\u2066b", "embedding": "\u202ba"}
}

// quiet fails where text would do something to a terminal.
func quiet(t *testing.T, text string) {
	t.Helper()
	for i, r := range text {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			t.Errorf("%q in the output: ...%q", r, text[max(0, i-20):min(len(text), i+20)])
		}
	}
}

// TestStrangeNames goes with such files through check, evaluation, records,
// table and page, and trains on them.
func TestStrangeNames(t *testing.T) {
	for name, stem := range strange() {
		catalogue.Case(t, "I10", name, func(t *testing.T) {
			dir, out := imageSet(t), filepath.Join(t.TempDir(), "out")
			for _, set := range []string{"train", "val"} {
				write(t, dir, set+"/cat/"+stem+".png", gray(t, 16, 16, 7, 77))
				write(t, dir, set+"_masks/cat/"+stem+".png", gray(t, 16, 16, 0, 255))
			}
			sets, o := check(t, dir)
			if quiet(t, o.Err); o.Code != 0 || sets[1].Used != 7 || sets[1].Masks != 7 {
				t.Errorf("%s", o)
			}
			_, o = evaluated(t, dir, out)
			if quiet(t, o.Out+o.Err); o.Code != 0 {
				t.Fatalf("%s", o)
			}
			var found []string
			for _, line := range lines(t, filepath.Join(out, "records", "val.vit.jsonl")) {
				var record struct{ ID string }
				if err := json.Unmarshal([]byte(line), &record); err != nil {
					t.Error(err)
				}
				found = append(found, record.ID)
			}
			if len(found) != 7 || !slices.Contains(found, "val/cat/"+stem) {
				t.Errorf("records of %q", found)
			}
			run := filepath.Join(t.TempDir(), "run")
			o = catalogue.Run(t, nil, "finetune", "--weights", micro(), "--data", dir, "--keep", "all", "--per-class", "4", "--classes", "cat", "--epochs", "1", "--dir", run)
			if quiet(t, o.Out+o.Err); o.Code != 0 || len(lines(t, filepath.Join(run, "manifest.jsonl"))) != 4 {
				t.Errorf("%s", o)
			}
		})
	}
}

// TestMuteNames: refused by a name that can be read.
func TestMuteNames(t *testing.T) {
	for name, stem := range mute() {
		for _, place := range []string{"cat/" + stem + ".png", stem + "/1.png"} {
			catalogue.Case(t, "I10", name+" in a "+map[bool]string{true: "file", false: "folder"}[strings.HasPrefix(place, "cat/")], func(t *testing.T) {
				dir := imageSet(t)
				path := filepath.Join(dir, "val", filepath.FromSlash(place))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Skip(err)
				}
				if err := os.WriteFile(path, gray(t, 4, 4, 1), 0o644); err != nil {
					t.Skip(err)
				}
				o := catalogue.Refused(t, []string{"rename"}, "data", "check", dir)
				quiet(t, o.Out+o.Err)
				o = catalogue.Run(t, nil, "explain", "--weights", micro(), "--out", filepath.Join(t.TempDir(), "out"), filepath.Join(dir, "val"))
				quiet(t, o.Out+o.Err)
			})
		}
	}
}

// TestStrangeSets: as the name of a set, beside others, in table and page.
func TestStrangeSets(t *testing.T) {
	for name, set := range strange() {
		catalogue.Case(t, "I10", "set: "+name, func(t *testing.T) {
			dir, out := imageSet(t), filepath.Join(t.TempDir(), "out")
			if err := os.Rename(filepath.Join(dir, "val"), filepath.Join(dir, set)); err != nil {
				t.Skip(err)
			}
			write(t, dir, "test/cat/1.png", gray(t, 16, 16, 7, 77))
			write(t, dir, "test/dog/1.png", gray(t, 16, 16, 9, 77))
			_, o := evaluated(t, dir, out)
			quiet(t, o.Out+o.Err)
			if name == "250 bytes" { // a file of the run cannot have such a name
				catalogue.CheckRefused(t, o, set[:20])
				return
			}
			if o.Code != 0 {
				t.Fatalf("%s", o)
			}
			table, err := csv.NewReader(strings.NewReader(strings.Join(lines(t, filepath.Join(out, "table.csv")), "\n"))).ReadAll()
			want := 3
			if strings.HasPrefix(set, ".") { // hidden
				want = 2
			}
			if err != nil || len(table) != want {
				t.Fatalf("%q, %v", table, err)
			}
			for _, row := range table {
				if strings.ContainsAny(row[0][:1], "=+-@") {
					t.Errorf("a spreadsheet would compute %q", row[0])
				}
			}
			page := strings.Join(lines(t, filepath.Join(out, "report.html")), "\n")
			if contains(page, "<script") || contains(page, "{{.}}") && name != "braces" {
				t.Error("the name is markup on the page")
			}
		})
	}
}

// TestListsWithStrangeNames: names in lists lead nowhere.
func TestListsWithStrangeNames(t *testing.T) {
	for name, test := range map[string]struct{ list, text, want string }{
		"set that leads out":     {"sets.txt", "../elsewhere\n", `"../elsewhere"`},
		"absolute set":           {"sets.txt", "/etc\n", `"/etc"`},
		"set twice":              {"sets.txt", "val\nval\n", "each once"},
		"set with a NUL":         {"sets.txt", "va\x00l\n", "sets.txt"},
		"set with an escape":     {"sets.txt", "\x1b[2J\n", "sets.txt"},
		"class that leads out":   {"classes.txt", "../cat\ndog\n", `"../cat"`},
		"class with a NUL":       {"classes.txt", "cat\x00\ndog\n", `"cat\x00"`},
		"class that is absolute": {"classes.txt", "/cat\ndog\n", `"/cat"`},
	} {
		catalogue.Case(t, "I10", name, func(t *testing.T) {
			dir := imageSet(t)
			if test.list == "sets.txt" {
				write(t, dir, "classes.txt", []byte("cat\ndog\n"))
			}
			write(t, dir, test.list, []byte(test.text))
			o := catalogue.Refused(t, []string{test.want}, "data", "check", dir)
			quiet(t, o.Out+o.Err)
		})
	}
	catalogue.Case(t, "I10", "manifest that leads out", func(t *testing.T) {
		dir := imageSet(t)
		hash := strings.Repeat("0", 64)
		list := write(t, dir, "list.jsonl", []byte(`{"id":"train/../../etc/\u001b[2J\u202e","class":0,"class_name":"cat","image_sha256":"`+hash+`"}`+"\n"))
		o := catalogue.Refused(t, []string{"lacks sample"}, "finetune", "--weights", micro(), "--data", dir, "--manifest", list, "--dir", filepath.Join(t.TempDir(), "run"))
		quiet(t, o.Out+o.Err)
	})
	catalogue.Case(t, "I10", "lines that move the cursor", func(t *testing.T) {
		list := write(t, t.TempDir(), "list.jsonl", []byte("{\"id\":\"\x1b[2J\u202e\xff\"}\n"))
		quiet(t, catalogue.Run(t, nil, "inspect", list).Out)
	})
}
