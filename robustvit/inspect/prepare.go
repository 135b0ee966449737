package inspect

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/data"
)

// Prepared says what [Prepare] read and wrote.
type Prepared struct {
	File     string        `json:"file"`
	Width    int           `json:"width"` // of the file, pixels
	Height   int           `json:"height"`
	Protocol data.Protocol `json:"protocol"`
	Size     int           `json:"size"` // side of what the model sees
	Out      string        `json:"out"`
}

// Prepare writes the size x size picture that a model sees of an image under
// the named protocol, before normalisation, as PNG.
func Prepare(file, protocol string, size int, out string) (Prepared, error) {
	result := Prepared{File: file, Size: size, Out: out}
	var err error
	if result.Protocol, err = data.ProtocolByName(protocol); err != nil {
		return result, err
	}
	img, err := data.ReadImage(file)
	if err != nil {
		return result, err
	}
	result.Width, result.Height = img.Width, img.Height
	seen, err := result.Protocol.Apply(img, size)
	if err != nil {
		return result, fmt.Errorf("prepare %q: %w", file, err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, size, size))
	for i := range size * size {
		copy(picture.Pix[4*i:4*i+3], seen.Pix[3*i:3*i+3])
		picture.Pix[4*i+3] = 255
	}
	var content bytes.Buffer
	if err := png.Encode(&content, picture); err != nil {
		return result, fmt.Errorf("prepare %q: %w", file, err)
	}
	return result, replace(out, content.Bytes())
}

// replace writes a whole file by rename.
func replace(path string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".prepare-*")
	if err != nil {
		return fmt.Errorf("write %q: %w; choose another place", path, err)
	}
	_, err = temporary.Write(content)
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		os.Remove(temporary.Name())
		return fmt.Errorf("write %q: %w; choose another place", path, err)
	}
	return nil
}
