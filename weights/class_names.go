package weights

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ReadClassNames reads a list of classes in the order of the logits: a text
// file with one name a line, a JSON list, or a JSON object {"0": "tench", ...}.
// Two classes may share a name, as some of ImageNet's do.
func ReadClassNames(path string) ([]string, error) {
	text, err := readConfig(path)
	if err != nil {
		return nil, err
	}
	return decodeClassNames(path, text)
}

func decodeClassNames(path string, text []byte) ([]string, error) {
	fault := func(found string) error {
		return &Fault{File: path, Field: "class names", Found: found, Expected: "one name a line, or a JSON list", Next: "correct the file"}
	}
	names := parseClassNames(strings.TrimPrefix(string(text), "\ufeff"))
	if len(names) == 0 {
		return nil, fault("no list of names")
	}
	if found := oddName(names); found != "" {
		return nil, fault(found)
	}
	return names, nil
}

// oddName describes the first name that no table or page can show as it is: no
// text, blank, or with characters that steer a terminal.
func oddName(names []string) string {
	for i, name := range names {
		if !utf8.ValidString(name) || strings.TrimSpace(name) == "" || strings.ContainsFunc(name, steers) {
			return fmt.Sprintf("name %d: %s", i, brief(name))
		}
	}
	return ""
}

func steers(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// parseClassNames returns nil where JSON is no list of names.
func parseClassNames(text string) []string {
	trimmed := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(trimmed, "["):
		var names []string
		if json.Unmarshal([]byte(trimmed), &names) != nil {
			return nil
		}
		return names
	case strings.HasPrefix(trimmed, "{"):
		var labels map[string]string
		if json.Unmarshal([]byte(trimmed), &labels) != nil {
			return nil
		}
		return orderedLabels(labels)
	case trimmed == "":
		return nil
	}
	var names []string
	for line := range strings.Lines(strings.TrimRight(text, " \t\r\n")) {
		names = append(names, strings.TrimSpace(line)) // an empty line would move all names after it: the caller refuses it
	}
	return names
}

// SetClassNames returns f with the names in its metadata; their number has to
// be that of the classes.
func SetClassNames(f *File, names []string) (*File, error) {
	g, err := Describe(f)
	if err != nil {
		return nil, err
	}
	if len(names) != g.Classes {
		return nil, fmt.Errorf("weights: found %d class names, expected the %d classes of the head; name each once, in the order of the logits", len(names), g.Classes)
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, fmt.Errorf("weights: class names: %w", err)
	}
	return &File{Tensors: f.Tensors, Metadata: withMetadata(f.Metadata, MetadataClassNames, string(text))}, nil
}
