package weights

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// source is a file that is being read.
type source struct {
	*os.File
	path    string
	size    int64
	written time.Time
}

// head is what the file's kind is told from.
func (s *source) head() ([]byte, error) {
	head := make([]byte, min(s.size, sniffBytes))
	return head, readFull(s, head, 0, s.path)
}

// unchanged is asked after the last byte was read: what was read of a file that
// somebody wrote meanwhile may belong to two contents.
func (s *source) unchanged() error {
	info, err := s.Stat()
	if err != nil {
		return fmt.Errorf("weights file %q: %w", s.path, reason(err))
	}
	if info.Size() != s.size || !info.ModTime().Equal(s.written) {
		return &Fault{File: s.path, Found: "it changed while it was read", Expected: "a file that nobody writes", Next: "read it again when it is whole"}
	}
	return nil
}

// openRegular opens a file for reading. Asking before opening spares devices,
// and not waiting keeps a FIFO that came since from blocking for ever.
func openRegular(path string) (*source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("weights file %q: %w; check the path", path, reason(err))
	}
	if err := regular(info, path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("weights file %q: %w; check its permissions", path, reason(err))
	}
	if info, err = f.Stat(); err == nil {
		err = regular(info, path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &source{f, path, info.Size(), info.ModTime()}, nil
}

func regular(info fs.FileInfo, path string) error {
	if info.Mode().IsRegular() {
		return nil
	}
	kind := "a " + info.Mode().Type().String()
	if info.IsDir() {
		kind = "a folder"
	}
	return &Fault{File: path, Found: kind, Expected: "a regular file", Next: "name the .safetensors file itself"}
}

// readFull fills buf from offset; a file that shrank since it was measured is an error, never a short read.
func readFull(r io.ReaderAt, buf []byte, offset int64, name string) error {
	n, err := r.ReadAt(buf, offset)
	switch {
	case n == len(buf):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return &Fault{File: name, Field: "length", Found: fmt.Sprintf("an end at byte %d", offset+int64(n)),
			Expected: fmt.Sprintf("%d bytes", offset+int64(len(buf))), Next: "the file shrank while it was read: read it again when it is whole"}
	}
	return fmt.Errorf("read weights file %q at byte %d: %w", name, offset, reason(err))
}

// reason strips the path from an *fs.PathError, which our texts name already.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
