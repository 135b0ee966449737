package hub

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/weights"
)

// TestShards: a model in several files arrives whole, the index last, and loads as the one file does.
func TestShards(t *testing.T) {
	whole, err := weights.Read("../../tests/golden/micro/vit.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	half := len(whole.Tensors) / 2
	files := map[string][]byte{}
	list := []string{}
	for name, tensors := range map[string][]weights.Tensor{"model-1.safetensors": whole.Tensors[:half], "model-2.safetensors": whole.Tensors[half:]} {
		var b bytes.Buffer
		if err := weights.Encode(&b, &weights.File{Tensors: tensors}); err != nil {
			t.Fatal(err)
		}
		files[name] = b.Bytes()
		for _, tensor := range tensors {
			list = append(list, `"`+tensor.Name+`":"`+name+`"`)
		}
	}
	index := `{"weight_map":{` + strings.Join(list, ",") + `}}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, ok := files[path.Base(r.URL.Path)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}))
	defer server.Close()
	client := Client{Endpoint: server.URL, Wait: time.Millisecond}

	dir := t.TempDir()
	files[indexFile] = []byte(index)
	got, err := client.Fetch(t.Context(), Job{Name: name, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{filepath.Join(dir, "model-1.safetensors"), filepath.Join(dir, "model-2.safetensors")}; !slices.Equal(got.Beside, want) || got.Next != "robustvit inspect "+dir {
		t.Errorf("%+v", got)
	}
	if loaded, err := weights.Load(dir); err != nil || loaded.SHA256() != whole.SHA256() {
		t.Errorf("the folder holds other weights: %v", err)
	}

	second := files["model-2.safetensors"]
	for label, c := range map[string]struct {
		index string
		shard []byte
		want  string
	}{
		"shard missing":     {index, nil, "404"},
		"shard damaged":     {index, second[:len(second)-4], "model-2.safetensors"},
		"traversal":         {`{"weight_map":{"x":"../model-2.safetensors"}}`, second, "do not trust"},
		"other folder":      {`{"weight_map":{"x":"a/model-2.safetensors"}}`, second, "do not trust"},
		"pickle as a shard": {`{"weight_map":{"x":"model.bin"}}`, second, "do not trust"},
		"no shards":         {`{"weight_map":{}}`, second, "0 shards"},
		"another JSON":      {`{"weight_map":[1]}`, second, "index of shards"},
		"a page":            {`<html>`, second, "JSON"},
	} {
		dir := t.TempDir()
		files[indexFile], files["model-2.safetensors"] = []byte(c.index), c.shard
		if c.shard == nil {
			delete(files, "model-2.safetensors")
		}
		_, err := client.Fetch(t.Context(), Job{Name: name, Dir: dir})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", label, err, c.want)
		}
		if _, err := os.Stat(filepath.Join(dir, indexFile)); err == nil {
			t.Errorf("%s: the index is there, as if the model were whole", label)
		}
	}
}
