package weights

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// modelConfig holds what the tensors do not tell, from config.json of
// transformers (upper part) or timm (lower part).
type modelConfig struct {
	Heads   int               `json:"num_attention_heads"`
	ID2Name map[string]string `json:"id2label"`
	Epsilon float64           `json:"layer_norm_eps"`

	Model string   `json:"architecture"`
	Names []string `json:"label_names"`
	Args  struct {
		Heads int `json:"num_heads"`
	} `json:"model_args"`
	Pretrained struct {
		Tag           string    `json:"tag"`
		Mean          []float64 `json:"mean"`
		Std           []float64 `json:"std"`
		Names         []string  `json:"label_names"`
		Crop          float64   `json:"crop_pct"`
		Interpolation string    `json:"interpolation"`
		CropMode      string    `json:"crop_mode"`
	} `json:"pretrained_cfg"`
}

// addConfig puts what config.json and preprocessor_config.json say into the
// metadata. What the weights file says itself stays.
func addConfig(f *File, folder string) error {
	own, preprocess := filepath.Join(folder, configFile), filepath.Join(folder, preprocessFile)
	text, err := readOptional(own)
	if err != nil {
		return err
	}
	var config modelConfig
	if err := decodeConfig(own, text, &config); err != nil {
		return err
	}
	seen := config.preprocessing()
	if text, err = readOptional(preprocess); err != nil {
		return err
	}
	if err := decodeConfig(preprocess, text, &seen); err != nil {
		return err
	}
	return f.describeBy(config, seen)
}

// preprocessing is what config.json alone says about the input.
func (c modelConfig) preprocessing() preprocessConfig {
	own := c.Pretrained
	return preprocessConfig{Mean: own.Mean, Std: own.Std, crop: own.Crop, filter: own.Interpolation, mode: own.CropMode}
}

// describeBy puts the two configs into the metadata.
func (f *File) describeBy(config modelConfig, preprocess preprocessConfig) error {
	add := func(key, value string) {
		if _, there := f.Metadata[key]; !there && value != "" {
			f.Metadata = withMetadata(f.Metadata, key, value)
		}
	}
	if heads := cmp.Or(config.Heads, config.Args.Heads); heads > 0 {
		add(MetadataHeads, strconv.Itoa(heads))
	}
	if config.Model != "" && config.Pretrained.Tag != "" {
		config.Model += "." + config.Pretrained.Tag
	}
	add(MetadataModel, config.Model)
	if config.Epsilon > 0 && config.Epsilon != layerNormEpsilon {
		add(MetadataEpsilon, strconv.FormatFloat(config.Epsilon, 'g', -1, 64))
	}
	add(MetadataMean, joinNumbers(preprocess.Mean))
	add(MetadataStd, joinNumbers(preprocess.Std))
	preprocess.geometry()
	if preprocess.crop > 0 {
		add(MetadataCrop, strconv.FormatFloat(preprocess.crop, 'g', -1, 64))
	}
	add(MetadataFilter, preprocess.filter)
	add(MetadataCropMode, preprocess.mode)
	names := config.Names
	if len(names) == 0 {
		names = config.Pretrained.Names
	}
	if len(names) == 0 {
		names = orderedLabels(config.ID2Name)
	}
	if len(names) > 0 {
		text, err := json.Marshal(names)
		if err != nil {
			return err
		}
		add(MetadataClassNames, string(text))
	}
	return nil
}

// orderedLabels turns {"0": "tench", ...} into a list; nil where a number is
// missing or where the labels are the placeholders LABEL_0, LABEL_1, ...
func orderedLabels(labels map[string]string) []string {
	names := make([]string, len(labels))
	placeholders := true
	for i := range names {
		name, ok := labels[strconv.Itoa(i)]
		if !ok {
			return nil
		}
		names[i] = name
		placeholders = placeholders && name == fmt.Sprintf("LABEL_%d", i)
	}
	if placeholders {
		return nil
	}
	return names
}

func joinNumbers(values []float64) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strings.Join(texts, ",")
}

// sortedKeys makes errors and reads independent of map order.
func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
