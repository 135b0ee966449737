package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"

	"golang.org/x/image/tiff"
)

// configTIFF reads the size, and refuses pictures whose pieces are so many, or
// overhang so far, that unpacking them takes longer than the pixels are worth.
func configTIFF(content []byte) (image.Config, error) {
	config, err := tiff.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return config, err
	}
	const (
		tagRowsPerStrip, tagTileWidth, tagTileHeight = 278, 322, 323
		most                                         = 1 << 16 // strips or tiles
		overhang                                     = 1 << 24 // pixels of tiles beyond four times the picture's
	)
	width, height := int64(config.Width), int64(config.Height)
	across, down := width, int64(tiffNumber(content, tagRowsPerStrip)) // of one piece
	if tile := int64(tiffNumber(content, tagTileWidth)); tile != 0 {
		across, down = tile, int64(tiffNumber(content, tagTileHeight))
	} else if down == 0 || down > height {
		down = height
	}
	if across == 0 || down == 0 { // the decoder refuses it
		return config, nil
	}
	pieces := ((width + across - 1) / across) * ((height + down - 1) / down)
	if pieces > most || float64(pieces)*float64(across)*float64(down) > float64(4*width*height+overhang) {
		return config, fmt.Errorf("it has %d strips or tiles of %d x %d pixels for %d x %d", pieces, across, down, width, height)
	}
	return config, nil
}

// tiffNumber is the first number of a tag in the first directory of a TIFF
// structure, of one, two or four bytes; 0 = none or broken.
func tiffNumber(content []byte, tag uint16) uint32 {
	if len(content) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if content[0] == 'M' {
		order = binary.BigEndian
	}
	directory := int64(order.Uint32(content[4:]))
	if directory+2 > int64(len(content)) {
		return 0
	}
	entries := content[directory+2:]
	for range order.Uint16(content[directory:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == tag {
			return firstNumber(content, entries[:12], order)
		}
		entries = entries[12:]
	}
	return 0
}

// firstNumber reads a directory entry: tag, type, count, then the numbers or
// where they are.
func firstNumber(content, entry []byte, order binary.ByteOrder) uint32 {
	width := map[uint16]int64{1: 1, 3: 2, 4: 4}[order.Uint16(entry[2:])]
	values := entry[8:]
	if at := int64(order.Uint32(values)); width*int64(order.Uint32(entry[4:])) > 4 {
		if at+4 > int64(len(content)) {
			return 0
		}
		values = content[at:]
	}
	switch width {
	case 1:
		return uint32(values[0])
	case 2:
		return uint32(order.Uint16(values))
	case 4:
		return order.Uint32(values)
	}
	return 0
}
