package weightfile

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/weights"
)

// shards writes the golden model in two files with an index and a config.
func shards(t *testing.T, change func(folder string, index map[string]string)) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "vit")
	f := read(t, golden("hf_vit.safetensors"))
	half := len(f.Tensors) / 2
	index := map[string]string{}
	for name, part := range map[string][]weights.Tensor{first: f.Tensors[:half], second: f.Tensors[half:]} {
		write(t, filepath.Join(folder, name), &weights.File{Tensors: part})
		for _, tensor := range part {
			index[tensor.Name] = name
		}
	}
	change(folder, index)
	text, err := json.Marshal(map[string]any{"metadata": map[string]any{}, "weight_map": index})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"model.safetensors.index.json": text, "config.json": []byte(`{"num_attention_heads":3}`)} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			continue // the case's own
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const (
	first  = "model-00001-of-00002.safetensors"
	second = "model-00002-of-00002.safetensors"
	bias   = "classifier.bias"
)

// TestShards: all files of a model, each tensor once, or nothing.
func TestShards(t *testing.T) {
	own := func(name, content string) func(string, map[string]string) {
		return func(folder string, _ map[string]string) {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
				panic(err)
			}
		}
	}
	for i, c := range []struct {
		name   string
		change func(folder string, index map[string]string)
		words  []string
	}{
		{"a shard missing", func(folder string, _ map[string]string) { os.Remove(filepath.Join(folder, second)) }, []string{second, "check the path"}},
		{"a shard that is not there", func(_ string, index map[string]string) { index[bias] = "model-00003-of-00002.safetensors" }, []string{"model-00003-of-00002.safetensors", "check the path"}},
		{"a shard that leads out", func(_ string, index map[string]string) { index[bias] = "../other.safetensors" }, []string{"index.json", bias, "without folders"}},
		{"a shard by a whole path", func(_ string, index map[string]string) { index[bias] = "/etc/passwd" }, []string{"index.json", bias, "without folders"}},
		{"a tensor that no shard has", func(_ string, index map[string]string) { index["invented"] = first }, []string{"1 missing", `"invented"`}},
		{"twelve that no shard has", func(_ string, index map[string]string) {
			for i := range 12 {
				index["invented."+string(rune('a'+i))] = first
			}
		}, []string{"12 missing", `"invented.a"`, ", ..."}},
		{"a tensor in the other shard", func(_ string, index map[string]string) {
			index[bias] = map[string]string{first: second, second: first}[index[bias]]
		}, []string{"1 missing", bias}},
		{"a tensor that the index lacks", func(_ string, index map[string]string) { delete(index, bias) }, []string{"1 not in the index", bias}},
		{"the same shard twice", func(folder string, _ map[string]string) {
			content, err := os.ReadFile(filepath.Join(folder, first))
			if err != nil {
				panic(err)
			}
			own(second, string(content))(folder, nil)
		}, []string{"twice", "missing", first, second}},
		{"a shard cut", own(second, "\x10\x00"), []string{second, "header length"}},
		{"a pickle for a shard", own(second, "\x80\x02}q\x00."), []string{second, "pickle"}},
		{"an index of 80,000 tensors", func(_ string, index map[string]string) {
			for i := range 80_000 {
				index[fmt.Sprint(i)] = first
			}
		}, []string{"80000 missing", `"0"`, ", ..."}},
		{"a config of 200,000 classes", func(folder string, _ map[string]string) {
			var b strings.Builder
			for i := range 200_000 {
				fmt.Fprintf(&b, `,"%d":"x"`, i)
			}
			own("config.json", `{"id2label":{`+b.String()[1:]+`}}`)(folder, nil)
		}, []string{"class names", "200000", "7"}},
		{"a config of 5 MiB", own("config.json", strings.Repeat(" ", 5<<20)), []string{"config.json", "length"}},
		{"an index that is no JSON", own("model.safetensors.index.json", "<html>"), []string{"index.json", "weight_map"}},
		{"an index of nothing", own("model.safetensors.index.json", "{}"), []string{"index.json", "weight_map"}},
		{"a config that is no JSON", own("config.json", "<html>"), []string{"config.json", "JSON"}},
		{"a config of wrong types", own("config.json", `{"num_attention_heads":"three"}`), []string{"config.json", "num_attention_heads"}},
	} {
		catalogue.Case(t, "W3", c.name, func(t *testing.T) {
			folder := shards(t, c.change)
			args := taking(t, []string{"evaluate", "convert", "inspect"}[i%3], folder)
			catalogue.Refused(t, append(c.words, folder), args...)
		})
	}
	catalogue.Case(t, "W3", "whole", func(t *testing.T) {
		args := taking(t, "convert", shards(t, func(string, map[string]string) {}))
		if got := catalogue.Run(t, nil, args...); got.Code != 0 {
			t.Fatal(got)
		}
		want, err1 := weights.Load(golden("hf_vit.safetensors"))
		got, err2 := weights.Load(args[len(args)-1])
		if err1 != nil || err2 != nil || want.SHA256() != got.SHA256() {
			t.Errorf("other weights (%v, %v)", err1, err2)
		}
	})
}
