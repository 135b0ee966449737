// Package demo ships the small pretrained models of the embedded default: one of
// each family, and of the ViT also other seeds and more classes. MADE.md beside this file says how they were made and what
// they score; `robustvit pretrain --demo` makes them again.
package demo

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/robustvit/workbench/weights"
)

//go:embed *.safetensors
var files embed.FS

// Families lists the embedded models by name, in alphabetical order.
func Families() []string {
	names, err := fs.Glob(files, "*.safetensors")
	if err != nil {
		return nil
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, ".safetensors")
	}
	return names
}

// Open reads an embedded model by its name in Families.
func Open(family string) (*weights.File, error) {
	name := family + ".safetensors"
	content, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("no embedded model %q; embedded are demo:%s", "demo:"+family, strings.Join(Families(), ", demo:"))
	}
	return weights.Decode(bytes.NewReader(content), int64(len(content)), "demo:"+family)
}
