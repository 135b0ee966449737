package weights

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
)

// maxDirectoryBytes bounds the list of an archive's members, of which each
// takes a multiple in memory. The one of a ViT-L with its optimizer takes 100 kB.
const maxDirectoryBytes = 4 << 20

// openArchive reads the directory of a zip archive.
func openArchive(r io.ReaderAt, size int64) (*zip.Reader, error) {
	limited := &limitedReader{r: r, left: maxDirectoryBytes}
	archive, err := zip.NewReader(limited, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are never paths here
		return nil, err
	}
	limited.left = -1
	return archive, nil
}

// limitedReader fails when more than left bytes were read; a negative left is no limit.
type limitedReader struct {
	r    io.ReaderAt
	left int64
}

// ReadAt implements io.ReaderAt.
func (l *limitedReader) ReadAt(p []byte, at int64) (int, error) {
	if l.left >= 0 {
		if l.left -= int64(len(p)); l.left < 0 {
			return 0, fmt.Errorf("a directory of more than %d bytes", maxDirectoryBytes)
		}
	}
	return l.r.ReadAt(p, at)
}
