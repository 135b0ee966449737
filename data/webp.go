package data

import (
	"bytes"
	"image"

	"golang.org/x/image/webp"
)

func configWebP(content []byte) (image.Config, error) {
	return webp.DecodeConfig(bytes.NewReader(content))
}

func decodeWebP(content []byte) (image.Image, error) {
	return webp.Decode(bytes.NewReader(content))
}

func isLossyWebP(content []byte) bool {
	return hasMagic(content, "RIFF????WEBP") && bytes.Contains(content[:min(len(content), 4096)], []byte("VP8 "))
}
