package weights

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoadFileAndFolder(t *testing.T) {
	want := mustRead(t, micro+"vit.safetensors")
	folder := t.TempDir()
	copyFile(t, micro+"hf_vit.safetensors", filepath.Join(folder, modelFile))
	copyFile(t, micro+"hf_config.json", filepath.Join(folder, configFile))
	writeText(t, filepath.Join(folder, preprocessFile), `{"image_mean":[0.5,0.4,0.3],"image_std":[0.2,0.2,0.2]}`)
	for path, heads := range map[string]string{
		micro + "vit.safetensors": "", micro + "hf_vit.safetensors": "", folder: "3", filepath.Join(folder, modelFile): "3",
	} {
		got, err := Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := diffTensors(want.Tensors, got.Tensors); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		if got.Metadata["heads"] != heads || heads != "" && got.Metadata["mean"] != "0.5,0.4,0.3" {
			t.Errorf("%s: metadata %v, want heads %q", path, got.Metadata, heads)
		}
	}
}

// shard writes the golden model in two files with an index.
func shard(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	f := mustRead(t, micro+"hf_vit.safetensors")
	half := len(f.Tensors) / 2
	places := map[string]string{}
	for i, part := range [][]Tensor{f.Tensors[:half], f.Tensors[half:]} {
		name := fmt.Sprintf("model-%05d-of-00002.safetensors", i+1)
		if err := Write(filepath.Join(folder, name), &File{Tensors: part}); err != nil {
			t.Fatal(err)
		}
		for _, tensor := range part {
			places[tensor.Name] = name
		}
	}
	var list []string
	for _, name := range sortedKeys(places) {
		list = append(list, fmt.Sprintf("%q:%q", name, places[name]))
	}
	writeText(t, filepath.Join(folder, modelIndex), `{"metadata":{},"weight_map":{`+strings.Join(list, ",")+`}}`)
	return folder
}

func TestLoadShards(t *testing.T) {
	got, err := Load(shard(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := diffTensors(mustRead(t, micro+"vit.safetensors").Tensors, got.Tensors); diff != "" {
		t.Error(diff)
	}
}

func TestLoadRefuses(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	bad := mustRead(t, micro+"vit.safetensors")
	bias, _ := bad.Get("blocks.1.mlp.fc1.bias")
	values, err := bias.Float32s()
	if err != nil {
		t.Fatal(err)
	}
	values[5], values[9] = float32(math.NaN()), float32(math.Inf(-1))
	*bias = Float32Tensor(bias.Name, bias.Shape, values)
	if err := Write(at("nan.safetensors"), bad); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at("fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"empty", "pickled", "pickles", "archived", "config"} {
		if err := os.Mkdir(at(sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writeText(t, at("pickled/pytorch_model.bin"), "x")
	writeText(t, at("pickles/pytorch_model.bin.index.json"), "{}")
	copyFile(t, "testdata/jax.npz", at("archived/"+NPZFile))
	copyFile(t, micro+"vit.safetensors", at("config/"+modelFile))
	writeText(t, at("config/"+configFile), "{not json")
	copyFile(t, micro+"vit.pth.tar", at("it's.safetensors"))
	for path, words := range map[string][]string{
		at("nan.safetensors"):        {"blocks.1.mlp.fc1.bias", "2 of 96"},
		at("missing"):                {"no such file", "check the path"},
		at("fifo"):                   {"regular file"},
		at("empty"):                  {modelFile},
		at("pickled"):                {"robustvit convert"},
		at("pickles"):                {"several pickles", "save_pretrained"},
		at("archived"):               {"robustvit convert", NPZFile},
		at("archived/" + NPZFile):    {"NumPy archive", "robustvit convert"},
		at("config"):                 {configFile, "JSON"},
		at("it's.safetensors"):       {"zip", `robustvit convert '`, `it'\''s.safetensors'`},
		micro + "stages.safetensors": {"names of a ViT"},
	} {
		if _, err := Load(path); err == nil {
			t.Errorf("%s: accepted", path)
		} else {
			for _, word := range append(words, filepath.Base(strings.ReplaceAll(path, "'", `'\''`))) {
				if !strings.Contains(err.Error(), word) && !strings.Contains(err.Error(), path) {
					t.Errorf("%s: error %q lacks %q", path, err, word)
				}
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	f := mustRead(t, micro+"vit.safetensors")
	want := Geometry{Width: 24, Depth: 3, Heads: 1, Patch: 8, MLP: 96, Classes: 7, Tokens: 17, Prefix: 1, ImageSize: 32, Channels: 3, QKVBias: true, HeadsFrom: "width/64"}
	got, err := Describe(f)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	f.Metadata = map[string]string{"heads": "3"}
	want.Heads, want.HeadsFrom = 3, "metadata"
	if got, err = Describe(f); err != nil || got != want {
		t.Error(got, err)
	}
	for _, heads := range []string{"5", "0", "-3", "three", ""} {
		f.Metadata["heads"] = heads
		if _, err := Describe(f); err == nil || !strings.Contains(err.Error(), "24") {
			t.Errorf("heads %q: error %v", heads, err)
		}
	}
	f.Metadata = nil
	for name, change := range map[string]func(*Tensor){
		"pos_embed":               func(x *Tensor) { *x = Float32Tensor(x.Name, []int{1, 16, 24}, make([]float32, 384)) },
		"patch_embed.proj.weight": func(x *Tensor) { x.Shape = []int{24, 3, 4, 16} },
		"blocks.0.mlp.fc1.weight": func(x *Tensor) { x.Name = "other" },
	} {
		broken := mustRead(t, micro+"vit.safetensors")
		x, _ := broken.Get(name)
		change(x)
		if _, err := Describe(broken); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestMatch(t *testing.T) {
	f := mustRead(t, micro+"vit.safetensors")
	var want []Spec
	for _, x := range f.Tensors {
		want = append(want, Spec{x.Name, x.Shape})
	}
	if err := Match(f, want, "x.safetensors"); err != nil {
		t.Error(err)
	}
	wide := make([]Spec, len(want))
	for i, spec := range want {
		wide[i] = Spec{spec.Name, append([]int(nil), spec.Shape...)}
		for axis, n := range spec.Shape {
			switch n {
			case 24, 72, 96:
				wide[i].Shape[axis] = 4 * n
			}
		}
	}
	headless := &File{Tensors: f.Tensors[2:]}
	for _, c := range []struct {
		f     *File
		want  []Spec
		words []string
	}{
		{f, wide, []string{"of another shape", "x.safetensors", "these look like weights of width 24, MLP width 96; the run wants width 96, MLP width 384"}},
		{headless, want, []string{"2 missing", want[0].Name, want[1].Name}},
		{f, want[3:], []string{"3 not wanted", want[0].Name}},
		{&File{}, want, []string{fmt.Sprintf("%d missing", len(want)), "..."}},
	} {
		err := Match(c.f, c.want, "x.safetensors")
		if err == nil {
			t.Errorf("%v: accepted", c.words)
			continue
		}
		for _, word := range c.words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("error %q lacks %q", err, word)
			}
		}
		if listed := strings.Count(err.Error(), "blocks."); listed > 20 {
			t.Errorf("%d names listed: %v", listed, err)
		}
	}
}
