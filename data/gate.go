package data

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Limits of the image gate.
const (
	MaxFileBytes = 64 << 20   // of an image or mask file
	MaxPixels    = 64_000_000 // of a decoded picture
)

// ReadImage reads a picture through the image gate: a regular file of at most
// MaxFileBytes, recognised by its content (PNG, JPEG, GIF, BMP, WebP, TIFF),
// whose header announces at most MaxPixels. It is converted as Pillow's
// convert("RGB") does: alpha is dropped, not blended; 16-bit colours keep their
// high byte; CMYK is (255-C)(255-K)/255. Of an animation the first frame is
// read. The EXIF orientation is not applied, as in the paper's pipeline.
func ReadImage(path string) (*Image, error) {
	content, err := readRegular(path, os.OpenFile)
	if err != nil {
		return nil, fmt.Errorf("read image %q: %w", path, err)
	}
	img, err := decodeImage(content)
	if err != nil {
		return nil, fmt.Errorf("read image %q: %w", path, err)
	}
	return img, nil
}

// DecodeImage is ReadImage for content that is open already. name is used in
// errors; size is the number of bytes, or -1 where it is not known.
func DecodeImage(r io.Reader, name string, size int64) (*Image, error) {
	content, err := readCapped(r, size)
	if err != nil {
		return nil, fmt.Errorf("read image %q: %w", name, err)
	}
	img, err := decodeImage(content)
	if err != nil {
		return nil, fmt.Errorf("read image %q: %w", name, err)
	}
	return img, nil
}

func decodeImage(content []byte) (img *Image, err error) {
	p, err := decode(content)
	if err != nil {
		return nil, err
	}
	defer recovered(p.format, &err)
	return p.rgb(), nil
}

// picture is a decoded file before its colours are converted.
type picture struct {
	image.Image
	format *format
	header []byte
}

// decode is the gate proper: content is looked at before anything is allocated.
func decode(content []byte) (p picture, err error) {
	f, err := sniff(content)
	if err != nil {
		return p, err
	}
	defer recovered(f, &err)
	config, err := f.measure(content)
	if err != nil {
		return p, err
	}
	img, err := f.decode(content)
	if err != nil {
		return p, damaged(f, err)
	}
	if b := img.Bounds(); b.Dx() != config.Width || b.Dy() != config.Height {
		return p, fmt.Errorf("the %s header says %d x %d pixels but the picture has %d x %d; replace the file",
			f.name, config.Width, config.Height, b.Dx(), b.Dy())
	}
	return picture{img, f, content[:min(len(content), 64)]}, nil
}

// recovered turns a decoder's fault into an error: it must not end the job.
func recovered(f *format, err *error) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("the %s decoder failed (%v); the file is damaged, replace it", f.name, fault)
	}
}

func damaged(f *format, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the %s data ends too early; the file is cut, copy it again", f.name)
	}
	return fmt.Errorf("the %s data cannot be decoded (%w); replace the file", f.name, err)
}

// opener is os.OpenFile or (*os.Root).OpenFile.
type opener func(name string, flag int, perm fs.FileMode) (*os.File, error)

// readRegular reads a regular file of at most MaxFileBytes. Opening never
// waits, so that a FIFO is refused instead of blocking the job.
func readRegular(path string, open opener) ([]byte, error) {
	file, err := open(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, openFault(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, openFault(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is %s, expected a regular file; check the path", kindOf(info.Mode()))
	}
	return readCapped(file, info.Size())
}

// openFault keeps the system's reason and drops the path, which the caller names.
func openFault(err error) error {
	var path *fs.PathError
	reason := err
	if errors.As(err, &path) {
		reason = path.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no such file (%w); check the path", fs.ErrNotExist)
	case errors.Is(err, syscall.ENXIO):
		return errors.New("it is a socket or a pipe, expected a regular file; check the path")
	}
	return fmt.Errorf("it cannot be opened (%w); check the path and the permissions", reason)
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "a special file"
}

func readCapped(r io.Reader, size int64) ([]byte, error) {
	if size > MaxFileBytes {
		return nil, fmt.Errorf("it holds %d bytes, expected at most %d; reduce the picture first", size, int64(MaxFileBytes))
	}
	var content bytes.Buffer
	if size > 0 {
		content.Grow(int(size) + bytes.MinRead)
	}
	n, err := io.Copy(&content, io.LimitReader(r, MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("it cannot be read (%w); copy it again", err)
	}
	if n > MaxFileBytes {
		return nil, fmt.Errorf("it holds more than %d bytes; reduce the picture first", int64(MaxFileBytes))
	}
	return content.Bytes(), nil
}
