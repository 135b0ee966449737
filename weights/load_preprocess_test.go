package weights

import (
	"path/filepath"
	"testing"
)

// What a folder says about its preprocessing, in timm's words: of timm's own
// config, of the processors of transformers (ViT, DeiT, CLIP, ConvNeXt).
func TestPreprocessingOfFolders(t *testing.T) {
	type want struct{ crop, filter, mode string }
	for name, test := range map[string]struct {
		config, preprocess string
		want               want
	}{
		"timm": {`{"architecture":"deit3","pretrained_cfg":{"crop_pct":0.95,"interpolation":"bicubic","crop_mode":"center","mean":[0.485,0.456,0.406]}}`, ``,
			want{"0.95", "bicubic", "center"}},
		"timm says little": {`{"pretrained_cfg":{}}`, ``, want{}},
		"ViT":              {`{}`, `{"size":{"height":224,"width":224},"resample":2,"do_resize":true}`, want{"1", "bilinear", "squash"}},
		"old ViT":          {`{}`, `{"size":224,"resample":2}`, want{"1", "bilinear", "squash"}},
		"DeiT": {`{}`, `{"size":{"height":256,"width":256},"crop_size":{"height":224,"width":224},"do_center_crop":true,"resample":3}`,
			want{"0.875", "bicubic", "squash"}},
		"CLIP":     {`{}`, `{"size":{"shortest_edge":256},"crop_size":{"height":224,"width":224},"resample":3}`, want{"0.875", "bicubic", "center"}},
		"no crop":  {`{}`, `{"size":{"shortest_edge":224},"crop_size":200,"do_center_crop":false}`, want{"1", "", "center"}},
		"ConvNeXt": {`{}`, `{"size":{"shortest_edge":224},"crop_pct":0.875,"resample":3}`, want{"0.875", "bicubic", "center"}},
		"odd size": {`{}`, `{"size":{"height":224,"width":100},"resample":17}`, want{}},
		"unlike":   {`{}`, `{"size":"large"}`, want{}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			writeText(t, filepath.Join(folder, configFile), test.config)
			if test.preprocess != "" {
				writeText(t, filepath.Join(folder, preprocessFile), test.preprocess)
			}
			f := &File{}
			if err := addConfig(f, folder); err != nil {
				t.Fatal(err)
			}
			got := want{f.Metadata[MetadataCrop], f.Metadata[MetadataFilter], f.Metadata[MetadataCropMode]}
			if got != test.want {
				t.Errorf("found %+v, expected %+v", got, test.want)
			}
		})
	}
}
