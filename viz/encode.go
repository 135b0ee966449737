package viz

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"
	"image/png"
)

// photoSide: pictures that come with at least this many pixels a side are
// photographs, where JPEG is several times smaller and its loss not seen; below
// it every pixel is a visible square and PNG keeps it sharp. Heatmaps are smooth
// and always JPEG: a third of the bytes.
const photoSide = 128

// inlineImage re-encodes a picture as the source of an img element. The bytes are
// always ours: nothing that was read from outside is passed through.
func inlineImage(img image.Image, photo bool) (template.URL, error) {
	if photo {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
			return "", fmt.Errorf("encode JPEG of %v: %w", img.Bounds(), err)
		}
		return dataURL("image/jpeg", b.Bytes()), nil
	}
	b, err := encodePNG(img)
	return dataURL("image/png", b), err
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := encoder.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode PNG of %v: %w", img.Bounds(), err)
	}
	return b.Bytes(), nil
}

func dataURL(kind string, b []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(b))
}
