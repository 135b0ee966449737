package lab

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// document is what this package reads of a notebook file (nbformat 4).
type document struct {
	Cells    []cell `json:"cells"`
	Metadata struct {
		// Ours are the files that a run must have written, below the folder it ran in.
		Ours struct {
			Files []string `json:"files"`
		} `json:"robustvit"`
	} `json:"metadata"`
}

type cell struct {
	Type           string   `json:"cell_type"`
	Source         text     `json:"source"`
	Outputs        []output `json:"outputs"`
	ExecutionCount *int     `json:"execution_count"`
}

type output struct {
	Type  string                     `json:"output_type"`
	Name  string                     `json:"name"`
	Text  text                       `json:"text"`
	Value string                     `json:"evalue"`
	Data  map[string]json.RawMessage `json:"data"`
}

// text is a string or a list of lines: nbformat allows both.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if err := json.Unmarshal(data, &lines); err == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	var whole string
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	*t = text(whole)
	return nil
}

func readNotebook(file string) (document, error) {
	var d document
	bytes, err := os.ReadFile(file)
	if err != nil {
		return d, fmt.Errorf("read notebook %q: %w", file, err)
	}
	if err := json.Unmarshal(bytes, &d); err != nil {
		return d, fmt.Errorf("read notebook %q: %w; expected a Jupyter notebook (JSON, nbformat 4)", file, err)
	}
	if len(d.Cells) == 0 {
		return d, fmt.Errorf("read notebook %q: found no cells; expected a Jupyter notebook (nbformat 4)", file)
	}
	return d, nil
}

// failing recognises text on stderr that means a failed cell. GoNB reports a
// failed shell line and some faults of programs only there.
var failing = regexp.MustCompile(`(?m)^(panic:|fatal error:|signal: |GoNB Error)|exit status \d+|^goroutine \d+ \[`)

// compileReport marks GoNB's HTML report of a cell that did not compile.
const compileReport = "gonb-err-location"

var styleOrTag = regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`)

// fault returns what is wrong with the outputs of an executed cell, "" if
// nothing. quiet refuses any text on stderr. The cell's own words come before
// the kernel's, which are often only "exit status 1".
func (c cell) fault(quiet bool) string {
	var stderr, report, kernel string
	for _, o := range c.Outputs {
		switch {
		case o.Type == "error":
			kernel = firstOf(o.Value, "error output")
		case o.Type == "stream" && o.Name == "stderr":
			stderr += string(o.Text)
		default:
			var shown text
			if raw, ok := o.Data["text/html"]; ok && json.Unmarshal(raw, &shown) == nil && strings.Contains(string(shown), compileReport) {
				report = "does not compile: " + html.UnescapeString(styleOrTag.ReplaceAllString(string(shown), " "))
			}
		}
	}
	if kernel == "" && report == "" && !failing.MatchString(stderr) && (!quiet || strings.TrimSpace(stderr) == "") {
		return ""
	}
	return firstOf(stderr, report, kernel)
}

// terminalCode is a colour of a terminal, stack where a program was when it
// panicked, which the notebook has whole, exitStatus what the kernel adds.
var (
	stack        = regexp.MustCompile(`(?s)\n\s*goroutine \d+ \[.*`)
	terminalCode = regexp.MustCompile("\x1b\\[[0-9;]*m")
	exitStatus   = regexp.MustCompile(`(.)\s+exit status \d+\s*$`)
)

// shorten keeps the first 300 bytes of a text, on one line.
func shorten(text string) string {
	text = stack.ReplaceAllString(terminalCode.ReplaceAllString(text, ""), "")
	text = exitStatus.ReplaceAllString(text, "$1")
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 300 {
		return strings.ToValidUTF8(text[:300], "") + "..."
	}
	return text
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return shorten(text)
		}
	}
	return ""
}

// missingFiles returns the promised files that are absent or empty.
func missingFiles(folder string, promised []string) (missing []string) {
	for _, name := range promised {
		info, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil || (info.Mode().IsRegular() && info.Size() == 0) {
			missing = append(missing, name)
		}
	}
	return missing
}
