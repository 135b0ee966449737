package weightfiles

// Foreign are files of other kinds, to be given a name that claims weights.
func Foreign() []Case {
	tail := func(head string) []byte { return append([]byte(head), make([]byte, 60)...) }
	tar := make([]byte, 1024)
	copy(tar, "file")
	copy(tar[257:], "ustar")
	return []Case{
		{"zip", tail("PK\x03\x04"), []string{"zip", "robustvit convert"}},
		{"pickle 2", tail("\x80\x02}q\x00."), []string{"pickle", "robustvit convert"}},
		{"pickle 4", tail("\x80\x04\x95"), []string{"pickle", "robustvit convert"}},
		{"pickle of 3 bytes", []byte("\x80\x02N"), []string{"pickle", "robustvit convert"}},
		{"pickle 0", []byte("cos\nsystem\n(S'true'\ntR."), []string{"pickle", "robustvit convert"}},
		{"gzip", tail("\x1f\x8b\x08"), []string{"gzip"}},
		{"NumPy", tail("\x93NUMPY\x01\x00"), []string{"NumPy"}},
		{"PNG", tail("\x89PNG\r\n\x1a\n"), []string{"PNG"}},
		{"JPEG", tail("\xff\xd8\xff\xe0"), []string{"JPEG"}},
		{"LFS pointer", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), []string{"LFS"}},
		{"web page", []byte("<!DOCTYPE html><html><body>404</body></html>"), []string{"text", "DOCTYPE"}},
		{"text", []byte("these are not the weights"), []string{"text"}},
		{"tar", tar, []string{"tar"}},
	}
}
