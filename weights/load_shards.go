package weights

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// readShards reads a model cut into several files. The index must list exactly
// the tensors that its shards hold, each once.
func readShards(folder, index string) (*File, error) {
	text, err := readConfig(index)
	if err != nil {
		return nil, err
	}
	places, err := decodeIndex(index, text)
	if err != nil {
		return nil, err
	}
	merged := &File{Metadata: map[string]string{}}
	held := map[string]string{}
	var twice []string
	for _, shard := range slices.Compact(slices.Sorted(maps.Values(places))) {
		part, err := Read(filepath.Join(folder, shard))
		if err != nil {
			return nil, err
		}
		for _, t := range part.Tensors {
			if before, ok := held[t.Name]; ok {
				twice = append(twice, fmt.Sprintf("%s in %s and %s", brief(t.Name), brief(before), brief(shard)))
			}
			held[t.Name] = shard
		}
		merged.Tensors = append(merged.Tensors, part.Tensors...)
		maps.Copy(merged.Metadata, part.Metadata)
	}
	return merged, compareShards(index, places, held, twice)
}

// compareShards holds the index against what the shards hold, tensor by file.
func compareShards(index string, places, held map[string]string, twice []string) error {
	var missing, unlisted []string
	for _, tensor := range sortedKeys(places) {
		if held[tensor] != places[tensor] {
			missing = append(missing, fmt.Sprintf("%s in %s", brief(tensor), brief(places[tensor])))
		}
	}
	for _, tensor := range sortedKeys(held) {
		if _, ok := places[tensor]; !ok {
			unlisted = append(unlisted, fmt.Sprintf("%s in %s", brief(tensor), brief(held[tensor])))
		}
	}
	found := tally([]named{{"twice", twice}, {"missing", missing}, {"not in the index", unlisted}})
	if found == "" {
		return nil
	}
	return &Fault{File: index, Field: "tensors", Found: found, Expected: fmt.Sprintf("the %d that the index lists, each once", len(places)),
		Next: "the folder is incomplete or mixes two models: download or export it again"}
}

// decodeIndex reads which file holds each tensor. The names of the files are
// those of the index's own folder.
func decodeIndex(index string, text []byte) (map[string]string, error) {
	var list struct {
		Map map[string]string `json:"weight_map"`
	}
	if err := json.Unmarshal(text, &list); err != nil || len(list.Map) == 0 {
		return nil, &Fault{File: index, Field: "JSON", Found: "no weight_map of tensors", Expected: "an index of shards as transformers writes it", Next: damaged}
	}
	for _, tensor := range sortedKeys(list.Map) {
		if shard := list.Map[tensor]; shard == "" || shard == "." || shard == ".." || strings.ContainsAny(shard, `/\`) {
			return nil, &Fault{File: index, Tensor: tensor, Field: "shard", Found: brief(shard), Expected: "a file name without folders", Next: damaged}
		}
	}
	return list.Map, nil
}
