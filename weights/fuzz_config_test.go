package weights

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// FuzzConfig: whatever config.json and preprocessor_config.json hold, what
// enters the metadata can be read again, and nothing of the file's own changes.
func FuzzConfig(f *testing.F) {
	f.Add(`{"num_attention_heads":3,"id2label":{"0":"cat","1":"dog"},"layer_norm_eps":1e-12}`, `{"image_mean":[0.5,0.4,0.3],"image_std":[0.2,0.2,0.2],"size":{"shortest_edge":256},"crop_size":224,"resample":3}`)
	f.Add(`{"architecture":"vit_base_patch16_224","label_names":["cat"],"model_args":{"num_heads":12},"pretrained_cfg":{"tag":"x","mean":[0.5],"std":[1],"crop_pct":0.9,"interpolation":"bicubic","crop_mode":"center"}}`, `{}`)
	f.Add(`null`, `{"size":224,"do_center_crop":false}`)
	f.Add(`{"num_attention_heads":-1}`, `{"size":{"height":224,"width":225},"crop_pct":-1}`)
	f.Add(`{"NUM_ATTENTION_HEADS":1e3,"id2label":{"1":"only"}}`, `{"size":-5,"crop_size":{"height":1,"width":1}}`)
	f.Fuzz(func(t *testing.T, own, preprocess string) {
		var config modelConfig
		if decodeConfig("config.json", []byte(own), &config) != nil {
			return
		}
		seen := config.preprocessing()
		if decodeConfig("preprocessor_config.json", []byte(preprocess), &seen) != nil {
			return
		}
		file := &File{Metadata: map[string]string{MetadataHeads: "7"}}
		if err := file.describeBy(config, seen); err != nil {
			t.Fatal(err)
		}
		if file.Metadata[MetadataHeads] != "7" {
			t.Fatal("the config changed what the file says itself")
		}
		if names := file.Metadata[MetadataClassNames]; names != "" && json.Unmarshal([]byte(names), new([]string)) != nil {
			t.Fatalf("class names %q", names)
		}
		for _, key := range []string{MetadataMean, MetadataStd, MetadataCrop} {
			for part := range strings.SplitSeq(file.Metadata[key], ",") {
				if _, err := strconv.ParseFloat(part, 64); err != nil && file.Metadata[key] != "" {
					t.Fatalf("metadata %s is %q", key, file.Metadata[key])
				}
			}
		}
	})
}

// FuzzClassNames: whatever the file, the names that come out can be shown, and
// written as JSON they are read the same.
func FuzzClassNames(f *testing.F) {
	for _, text := range []string{"cat\ndog\n", `["cat","dog"]`, `{"0":"cat","1":"dog"}`, `{"1":"dog"}`, "\ufeffcat\r\n", "cat\n\ndog", `["a",null]`, `[["a"]]`, `["\ud800"]`,
		"a\x1b[2J", "a\u202eb", "\xff", "", " \n", "{", "[", `{"0":"LABEL_0"}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var names []string
		var err error
		bounded(t, len(text), 64, func() { names, err = decodeClassNames("names.txt", text) })
		if err != nil {
			return
		}
		if len(names) == 0 || oddName(names) != "" {
			t.Fatalf("accepted %q", names)
		}
		list, err := json.Marshal(names)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := decodeClassNames("again.json", list); err != nil || !slices.Equal(names, again) {
			t.Fatalf("%q is read back as %q (%v)", names, again, err)
		}
	})
}

// FuzzShardIndex: whatever the index, the files that it names lie beside it.
func FuzzShardIndex(f *testing.F) {
	for _, text := range []string{`{"metadata":{},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}`, `{"weight_map":{"a":"../x"}}`, `{"weight_map":{"a":"/x"}}`,
		`{"weight_map":{"a":""}}`, `{"weight_map":{"a":".."}}`, `{"weight_map":{"a":"x\u0000"}}`, `{"weight_map":{}}`, `{"weight_map":null}`, `[]`, `{"Weight_Map":{"a":"b","a":"c"}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		places, err := decodeIndex("index.json", text)
		if err != nil {
			return
		}
		if len(places) == 0 {
			t.Fatal("accepted an index of nothing")
		}
		for _, shard := range places {
			if filepath.Dir(filepath.Join("folder", shard)) != "folder" || strings.ContainsRune(shard, filepath.Separator) {
				t.Fatalf("the shard %q leads out of the folder", shard)
			}
		}
	})
}
