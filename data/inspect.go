package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"os"
)

// ImageInfo is what an image file says about itself, beside its pixels.
type ImageInfo struct {
	Format      string `json:"format"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Orientation int    `json:"orientation,omitempty"` // of EXIF, 1 to 8; 0 = none. It is not applied
	Animated    bool   `json:"animated,omitempty"`    // only the first frame is read
}

// InspectImage reads the header of an image file, through the same gate as
// ReadImage but without decoding the pixels.
func InspectImage(path string) (ImageInfo, error) {
	content, err := readRegular(path, os.OpenFile)
	if err == nil {
		var info ImageInfo
		if info, err = inspect(content); err == nil {
			return info, nil
		}
	}
	return ImageInfo{}, fmt.Errorf("inspect image %q: %w", path, err)
}

func inspect(content []byte) (info ImageInfo, err error) {
	f, err := sniff(content)
	if err != nil {
		return info, err
	}
	defer recovered(f, &err)
	config, err := f.measure(content)
	if err != nil {
		return info, err
	}
	info = ImageInfo{Format: f.name, Width: config.Width, Height: config.Height}
	info.Orientation = orientation(exifOf(f.name, content))
	switch f.name {
	case "PNG":
		info.Animated = pngChunk(content, "acTL") != nil
	case "WebP":
		info.Animated = webpChunkOf(content, "ANMF") != nil
	case "GIF":
		info.Animated = manyGIFFrames(content)
	}
	return info, nil
}

// measure reads the size from the header and holds it against the limits.
func (f *format) measure(content []byte) (image.Config, error) {
	config, err := f.config(content)
	switch {
	case err != nil:
		return config, damaged(f, err)
	case config.Width < 1 || config.Height < 1:
		return config, fmt.Errorf("the %s header says %d x %d pixels, expected at least 1 x 1; replace the file",
			f.name, config.Width, config.Height)
	case int64(config.Width)*int64(config.Height) > MaxPixels:
		return config, fmt.Errorf("the %s header says %d x %d pixels, expected at most %d million in all; reduce the picture first",
			f.name, config.Width, config.Height, MaxPixels/1_000_000)
	}
	if f.least != nil && f.least(content, int64(config.Width), int64(config.Height)) > int64(len(content)) {
		return config, fmt.Errorf("the %s header says %d x %d pixels, which %d bytes cannot hold; the file is cut, copy it again",
			f.name, config.Width, config.Height, len(content))
	}
	return config, nil
}

// exifOf returns the TIFF structure that holds the EXIF tags, or nil.
func exifOf(format string, content []byte) []byte {
	const label = "Exif\x00\x00"
	switch format {
	case "TIFF":
		return content
	case "PNG":
		return pngChunk(content, "eXIf")
	case "WebP":
		return bytes.TrimPrefix(webpChunkOf(content, "EXIF"), []byte(label))
	case "JPEG":
		var exif []byte
		eachSegment(content, func(marker byte, body []byte) bool {
			if marker == jpegEXIF && bytes.HasPrefix(body, []byte(label)) {
				exif = body[len(label):]
			}
			return exif == nil && marker != jpegScan
		})
		return exif
	}
	return nil
}

// orientation reads tag 274 of the first directory; 0 = none or broken.
func orientation(exif []byte) int {
	if v := tiffNumber(exif, 274); v <= 8 {
		return int(v)
	}
	return 0
}

func pngChunk(content []byte, id string) []byte {
	for at := int64(8); at+8 <= int64(len(content)); {
		end := at + 8 + int64(binary.BigEndian.Uint32(content[at:]))
		if string(content[at+4:at+8]) == id {
			return content[at+8 : min(end, int64(len(content)))]
		}
		at = end + 4
	}
	return nil
}

func webpChunkOf(content []byte, id string) []byte {
	for _, c := range splitChunks(content[min(12, len(content)):]) {
		if c.id == id {
			return c.data
		}
	}
	return nil
}

// manyGIFFrames looks for a second picture behind the blocks of the first.
func manyGIFFrames(content []byte) bool {
	if len(content) < 13 {
		return false
	}
	_, rest := gifTable(content[10], content[13:])
	frames := 0
	for len(rest) > 0 {
		switch {
		case rest[0] == '!' && len(rest) > 2:
			rest = skipGIFBlocks(rest[2:])
		case rest[0] == ',' && len(rest) > 11:
			if frames++; frames > 1 {
				return true
			}
			_, rest = gifTable(rest[9], rest[10:])
			rest = skipGIFBlocks(rest[min(1, len(rest)):])
		default:
			return false
		}
	}
	return false
}
