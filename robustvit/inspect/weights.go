package inspect

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

func (f *Finding) checkpoint() error {
	file, err := weights.ReadCheckpoint(f.Path)
	if err != nil {
		return err
	}
	f.Kind = "PyTorch checkpoint"
	f.add("use it", "robustvit convert %s", weights.ShellWord(f.Path))
	f.describe(file)
	return nil
}

// archive is a NumPy archive: a JAX checkpoint or other arrays.
func (f *Finding) archive() error {
	file, err := weights.ReadNPZ(f.Path)
	if err != nil {
		return err
	}
	f.Kind = "NumPy archive"
	if weights.DetectNaming(file) != weights.UnknownNames {
		f.add("use it", "robustvit convert %s", weights.ShellWord(f.Path))
	}
	f.tensors("Arrays", file)
	f.describe(file)
	return nil
}

func (f *Finding) model(kind string) error {
	m, err := pretrained.Open(f.Path)
	if err != nil {
		return err
	}
	f.Kind = kind
	f.describe(m.File)
	return nil
}

// tensors lists names and shapes.
func (f *Finding) tensors(title string, file *weights.File) {
	list := Table{Title: title, Columns: []string{"name", "type", "shape"}}
	for _, t := range file.Tensors {
		list.Rows = append(list.Rows, []string{t.Name, string(t.DType), fmt.Sprint(t.Shape)})
	}
	f.Lists = append(f.Lists, list)
}

// describe says which model the tensors are, if they are one.
func (f *Finding) describe(file *weights.File) {
	values := 0
	for i := range file.Tensors {
		values += file.Tensors[i].Len()
	}
	f.add("tensors", "%d with %d values", len(file.Tensors), values)
	naming := weights.DetectNaming(file)
	if naming != weights.UnknownNames {
		f.add("names", "%s", naming)
	}
	if timm, err := weights.ToTimm(file); err == nil {
		if g, err := weights.Describe(timm); err == nil {
			f.add("model", "%s", g)
			if _, err := pretrained.New(timm, f.Path); err != nil {
				f.add("but", "%v", err)
			}
		}
	}
	if err := file.CheckFinite(); err != nil {
		f.add("but", "%v", err)
	}
	f.add("SHA-256", "%s (of the tensors)", file.SHA256())
	for _, key := range slices.Sorted(maps.Keys(file.Metadata)) {
		f.add(key, "%s", short(file.Metadata[key]))
	}
}

// short cuts long metadata, such as a thousand class names.
func short(text string) string {
	const most = 160
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}
