package data

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// ReadMask reads a foreground mask through the image gate. The file holds at
// most two colours: black (0) is background, the other one foreground (255, 1
// or any colour), in gray, 1-bit, palette or RGB. JPEG and lossy WebP are
// refused, because their compression invents values along every border.
func ReadMask(path string) (*Mask, error) {
	content, err := readRegular(path, os.OpenFile)
	if err != nil {
		return nil, fmt.Errorf("read mask %q: %w", path, err)
	}
	m, err := decodeMask(content)
	if err != nil {
		return nil, fmt.Errorf("read mask %q: %w", path, err)
	}
	return m, nil
}

// DecodeMask is ReadMask for content that is open already; see DecodeImage.
func DecodeMask(r io.Reader, name string, size int64) (*Mask, error) {
	content, err := readCapped(r, size)
	if err != nil {
		return nil, fmt.Errorf("read mask %q: %w", name, err)
	}
	m, err := decodeMask(content)
	if err != nil {
		return nil, fmt.Errorf("read mask %q: %w", name, err)
	}
	return m, nil
}

const (
	maxValues = 256 // counting stops there
	maxListed = 8   // values that an error lists
)

func decodeMask(content []byte) (m *Mask, err error) {
	f, err := sniff(content)
	if err != nil {
		return nil, err
	}
	if f.name == "JPEG" || isLossyWebP(content) {
		return nil, fmt.Errorf("it is a %s, which changes the values along every border; write masks as PNG", f.name)
	}
	p, err := decode(content)
	if err != nil {
		return nil, err
	}
	defer recovered(f, &err)
	if p.translucent() {
		return nil, errors.New("its transparency varies, expected one opaque layer; write the mask as black and white PNG")
	}
	return maskOf(p.labels())
}

// maskOf turns a picture of at most two colours into a mask.
func maskOf(img *Image) (*Mask, error) {
	m := &Mask{Width: img.Width, Height: img.Height, Pix: make([]float32, img.Width*img.Height)}
	counts := map[[3]uint8]int{}
	last, lastCount := [3]uint8{}, 0
	for i := range m.Pix {
		colour := [3]uint8(img.Pix[3*i : 3*i+3])
		if colour != last {
			counts[last] += lastCount
			last, lastCount = colour, 0
			if len(counts) > maxValues {
				break
			}
		}
		lastCount++
		if colour != [3]uint8{} {
			m.Pix[i] = 1
		}
	}
	counts[last] += lastCount
	if counts[[3]uint8{}] == 0 {
		delete(counts, [3]uint8{})
	}
	_, background := counts[[3]uint8{}]
	if len(counts) == 1 || len(counts) == 2 && background {
		return m, nil
	}
	found := fmt.Sprint(len(counts))
	if len(counts) > maxValues {
		found = fmt.Sprintf("more than %d", maxValues)
	}
	return nil, fmt.Errorf("found %s values (%s), expected 0 for the background and one other for the foreground; "+
		"write one class's mask a file, in two values", found, listColours(counts))
}

// listColours names the values with the most pixels first.
func listColours(counts map[[3]uint8]int) string {
	colours := make([][3]uint8, 0, len(counts))
	for colour := range counts {
		colours = append(colours, colour)
	}
	slices.SortFunc(colours, func(a, b [3]uint8) int {
		if d := counts[b] - counts[a]; d != 0 {
			return d
		}
		return slices.Compare(a[:], b[:])
	})
	var names []string
	for i, c := range colours {
		if i == maxListed {
			names = append(names, "...")
			break
		}
		if c[0] == c[1] && c[1] == c[2] {
			names = append(names, fmt.Sprint(c[0]))
		} else {
			names = append(names, fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]))
		}
	}
	return strings.Join(names, ", ")
}
