package weights

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// MaxConfigBytes bounds config files; an ImageNet-21k label list takes 1 MB.
const MaxConfigBytes = 4 << 20

// readConfig reads a whole config file.
func readConfig(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.size > MaxConfigBytes {
		return nil, &Fault{File: path, Field: "length", Found: fmt.Sprintf("%d bytes", f.size), Expected: fmt.Sprintf("at most %d", MaxConfigBytes),
			Next: "this is no config: correct or remove the file"}
	}
	text := make([]byte, f.size)
	if err := readFull(f, text, 0, path); err != nil {
		return nil, err
	}
	return text, f.unchanged()
}

// readOptional is readConfig for a file that need not be there: nil then.
func readOptional(path string) ([]byte, error) {
	text, err := readConfig(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// decodeConfig reads JSON; nil is an empty object.
func decodeConfig(path string, text []byte, into any) error {
	if text == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return &Fault{File: path, Field: "JSON", Found: fmt.Sprintf("%.200s", err), Expected: "a config as timm or transformers write it", Next: "correct or remove the file"}
	}
	return nil
}
