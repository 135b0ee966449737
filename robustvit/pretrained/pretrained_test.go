package pretrained_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
	"github.com/robustvit/workbench/weights/demo"
)

func TestEmbeddedModels(t *testing.T) {
	classes := map[string]int{"vit40": 40, "vit80": 80} // the others have 20
	for _, name := range demo.Families() {
		m, err := pretrained.Open("demo:" + name)
		if err != nil {
			t.Fatal(err)
		}
		want := max(classes[name], 20)
		if m.Variant.Heads != 4 || m.Variant.ImageSize != 64 || len(m.Classes) != want || m.Variant.Classes != want || m.ClassName(0) != "ellipse" {
			t.Errorf("demo:%s: %+v, %d class names", name, m.Variant, len(m.Classes))
		}
		if family := m.File.Metadata["family"]; name != family && (family != "vit" || !strings.HasPrefix(name, "vit")) {
			t.Errorf("demo:%s says it is of family %q", name, family)
		}
	}
	for _, name := range []string{"vit", "augreg", "deit"} {
		if !slices.Contains(demo.Families(), name) {
			t.Errorf("no demo:%s among %v", name, demo.Families())
		}
	}
	if _, err := pretrained.Open("demo:swin"); err == nil || !strings.Contains(err.Error(), "demo:vit") {
		t.Errorf("an unknown embedded model gave %v, want the known ones", err)
	}
}

func TestFaultsNameTheFile(t *testing.T) {
	dir := t.TempDir()
	broken := func(name string, change func(*weights.File)) string {
		file, err := demo.Open("vit")
		if err != nil {
			t.Fatal(err)
		}
		change(file)
		path := filepath.Join(dir, name)
		if err := weights.Write(path, file); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := filepath.Join(dir, "text.safetensors")
	if err := os.WriteFile(text, []byte("these are not weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		filepath.Join(dir, "absent.safetensors"), text,
		broken("missing.safetensors", func(f *weights.File) { f.Tensors = f.Tensors[1:] }),
		broken("renamed.safetensors", func(f *weights.File) { f.Tensors[3].Name = "blocks.9.attn" }),
		broken("heads.safetensors", func(f *weights.File) { f.Metadata[weights.MetadataHeads] = "7" }),
		broken("names.safetensors", func(f *weights.File) { f.Metadata[weights.MetadataClassNames] = `["one"]` }),
	} {
		_, err := pretrained.Open(path)
		if err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: error %v, want one that names the file", filepath.Base(path), err)
		}
	}
}
