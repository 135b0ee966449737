package recipe

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

var notInName = regexp.MustCompile(`[^A-Za-z0-9_+-]+`)

// ShortName names a model after its file, or after the folder where every file
// is called the same.
func ShortName(source string) string {
	source = strings.TrimPrefix(source, "demo:")
	base := filepath.Base(filepath.Clean(source))
	if base == run.WeightsFile || base == "model.safetensors" {
		absolute, err := filepath.Abs(source)
		if err == nil {
			base = filepath.Base(filepath.Dir(absolute))
		}
	}
	name := strings.Trim(notInName.ReplaceAllString(strings.TrimSuffix(base, ".safetensors"), "-"), "-")
	if name == "" {
		return "model"
	}
	return name
}

// PaperName is the paper's name of the model where it is one of its seven, else "".
func PaperName(m *pretrained.Model) string {
	known, err := weights.LookupKnown(m.Variant.Name)
	if err != nil {
		return ""
	}
	return known.Paper
}
