package data

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

// EncodeManifest writes a manifest as JSON Lines, the form of a run folder's
// manifest.jsonl.
func EncodeManifest(items []ManifestItem) ([]byte, error) {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, item := range items {
		if err := encoder.Encode(item); err != nil {
			return nil, fmt.Errorf("manifest: sample %s: %w", item.ID, err)
		}
	}
	return lines.Bytes(), nil
}

// WriteManifest writes a manifest, whole or not at all.
func WriteManifest(path string, items []ManifestItem) error {
	lines, err := EncodeManifest(items)
	if err != nil {
		return err
	}
	if err := WriteWhole(path, lines); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	return nil
}

// ReadManifest reads what EncodeManifest wrote; sum is the file's SHA-256.
func ReadManifest(path string) (items []ManifestItem, sum string, err error) {
	content, err := readRegular(path, os.OpenFile)
	if err == nil {
		items, err = decodeManifest(content)
	}
	if err != nil {
		return nil, "", fmt.Errorf("read manifest %q: %w", path, err)
	}
	hash := sha256.Sum256(content)
	return items, hex.EncodeToString(hash[:]), nil
}

func decodeManifest(content []byte) ([]ManifestItem, error) {
	var items []ManifestItem
	seen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var item ManifestItem
		if err := json.Unmarshal(lines.Bytes(), &item); err != nil {
			return nil, fmt.Errorf("line %d: %w; expected JSON Lines as `robustvit data manifest` writes them", n, err)
		}
		switch {
		case item.ID == "" || len(item.ImageSHA256) != 2*sha256.Size:
			return nil, fmt.Errorf("line %d: found no id or no image_sha256 of 64 digits; expected JSON Lines as `robustvit data manifest` writes them", n)
		case seen[item.ID]:
			return nil, fmt.Errorf("line %d: sample %q stands there twice; remove one", n, item.ID)
		}
		seen[item.ID] = true
		items = append(items, item)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w; expected one sample a line", err)
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("it lists no sample; write it with `robustvit data manifest`")
	}
	return items, nil
}
