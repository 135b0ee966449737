package setup

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// writeWheel makes a real, tiny wheel with one library in folder and returns
// the source that pins it.
func writeWheel(t *testing.T, folder, pkg, library, content string) source {
	t.Helper()
	src := source{pkg: pkg, version: "1.0", folder: pkg, file: library, sha256: sha256Hex([]byte(content))}
	info := pkg + "-1.0.dist-info"
	files := []struct{ name, text string }{
		{pkg + "/__init__.py", ""},
		{pkg + "/" + library, content},
		{info + "/METADATA", "Metadata-Version: 2.1\nName: " + pkg + "\nVersion: 1.0\n"},
		{info + "/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
	}
	path := filepath.Join(folder, pkg+"-1.0-py3-none-any.whl")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(out)
	add := func(name, text string) {
		w, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, text)
	}
	record := ""
	for _, f := range files {
		sum := sha256.Sum256([]byte(f.text))
		record += fmt.Sprintf("%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.text))
		add(f.name, f.text)
	}
	add(info+"/RECORD", record+info+"/RECORD,,\n")
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	wheel, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	src.requirements = fmt.Sprintf("%s==1.0 --hash=sha256:%s\n", pkg, sha256Hex(wheel))
	return src
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
