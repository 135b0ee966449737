package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A large model lies on the hub in shards beside a list of them.
const (
	indexFile = "model.safetensors.index.json"
	maxShards = 1000
)

// shards fetches the files that the index in f lists, each checked like a file
// of its own, and returns their paths. It runs before the index gets its name:
// a folder that has the index is complete.
func (c *Client) shards(ctx context.Context, r Reference, index string, f *os.File) ([]string, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, diskFault("read", index, err)
	}
	if err := isJSON(f, info.Size(), index); err != nil {
		return nil, err
	}
	names, err := shardNames(io.NewSectionReader(f, 0, info.Size()), index)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range names {
		shard, path := r.beside(name), filepath.Join(filepath.Dir(index), name)
		known, err := c.facts(ctx, shard)
		if err != nil {
			return nil, err
		}
		_, _, err = c.file(ctx, shard, target{path: path, facts: known, check: func(f *os.File, size int64) error {
			_, err := readable(f, size, path)
			return err
		}})
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// shardNames lists the files of an index; they come from a server and become
// file names here.
func shardNames(text io.Reader, index string) ([]string, error) {
	var list struct {
		Map map[string]string `json:"weight_map"`
	}
	if err := json.NewDecoder(text).Decode(&list); err != nil {
		return nil, fmt.Errorf("fetch: %q: found %.100q, expected an index of shards; the repository is not a model's", index, err.Error())
	}
	names := slices.Compact(slices.Sorted(maps.Values(list.Map)))
	if len(names) == 0 || len(names) > maxShards {
		return nil, fmt.Errorf("fetch: %q: found %d shards, expected 1 to %d; the repository is not a model's", index, len(names), maxShards)
	}
	for _, name := range names {
		if !plainPath(name) || strings.Contains(name, "/") || filepath.Ext(name) != ".safetensors" {
			return nil, fmt.Errorf("fetch: %q: found the shard %.100q, expected the name of a safetensors file beside the index; do not trust this repository", index, name)
		}
	}
	return names, nil
}
