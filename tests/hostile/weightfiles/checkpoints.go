package weightfiles

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Checkpoints are hostile PyTorch checkpoints. Those that call something would
// run the shell command, were they ever unpickled.
func Checkpoints(command string) []Case {
	return slices.Concat(wrapped(Pickles(command)), bare(command), legacy(command), notPickles(), archives())
}

// wrapped puts each pickle into a sound archive.
func wrapped(pickles []Case) []Case {
	cases := slices.Clone(pickles)
	for i := range cases {
		cases[i].Bytes = zipped(string(cases[i].Bytes))
	}
	return cases
}

func zipped(pickle string) []byte { return Checkpoint(pickle, Storages, zip.Store) }

// bare are pickles without an archive around them, or behind one.
func bare(command string) []Case {
	return []Case{
		{"behind the end", append(zipped(Six), reduce("os", "system", command)...), nil},
		{"bare pickle", []byte(reduce("os", "system", command)), []string{"os.system"}},
		{"protocol 0 pickle", []byte("cos\nsystem\n(S'" + command + "'\ntR."), []string{"os.system"}},
		{"protocol 0 pickle that begins with a mark", []byte("(S'" + command + "'\nios\nsystem\n."), nil},
	}
}

// legacy are faults of the layout before PyTorch 1.6.
func legacy(command string) []Case {
	good, evil := Legacy(Six, "123456"), call("os", "system", command)
	return []Case{
		{"legacy", Legacy(reduce("os", "system", command), "123456"), []string{"os.system"}},
		{"legacy, in the magic number", []byte(reduce("os", "system", command) + "\x80\x02K\x01."), []string{"os.system"}},
		{"legacy, in the keys", bytes.Replace(good, []byte("\x80\x02]"), []byte("\x80\x02"+evil+"0]"), 1), []string{"os.system"}},
		{"legacy, storage cut", good[:len(good)-1], []string{"storage"}},
		{"legacy, storage of 2^60 elements", bytes.Replace(good, []byte("\x06\x00\x00\x00\x00\x00\x00\x00"), []byte("\x06\x00\x00\x00\x00\x00\x00\x10"), 1), []string{"storage"}},
		{"legacy of a big machine", bytes.Replace(good, []byte("\x88s."), []byte("\x89s."), 1), []string{"big-endian"}},
		{"legacy of another version", bytes.Replace(good, []byte("M\xe9\x03"), []byte("M\xea\x03"), 1), []string{"version"}},
	}
}

// notPickles are files that are no checkpoint.
func notPickles() []Case {
	return []Case{
		{"npz", archiveOf(zip.Store, member{"arr_0.npy", ""}), []string{"NumPy"}},
		{"TorchScript", archiveOf(zip.Store, member{"x/constants.pkl", ""}), []string{"TorchScript"}},
		{"checkpoint in a zip", archiveOf(zip.Store, member{"model.pth", string(zipped(Six))}), []string{"without data.pkl"}},
		{"zip as the pickle", zipped(string(zipped(Six))), []string{"pickle opcode 0x50"}},
		{"text", []byte("hello, weights"), []string{"text"}},
		{"zeros", make([]byte, 1024), []string{"unknown kind"}},
		{"empty file", nil, []string{"unknown kind"}},
		{"one letter changed in the magic", append([]byte("PK\x03\x05"), zipped(Six)[4:]...), []string{"unknown kind"}},
		{"gzip of a pickle", append([]byte("\x1f\x8b\x08\x00"), Six...), []string{"gzip"}},
	}
}

// archives are zips that lie or grow.
func archives() []Case {
	good := Checkpoint(Six, Storages, zip.Store)
	many := make([]member, 300_000)
	for i := range many {
		many[i].name = fmt.Sprintf("x/data/%d", i)
	}
	return []Case{
		{"missing storage", Checkpoint(Six, nil, zip.Store), []string{"storage"}},
		{"short storage", Checkpoint(Six, map[string]string{"0": "123"}, zip.Store), []string{"3 bytes"}},
		{"compressed", Checkpoint(Six, Storages, zip.Deflate), []string{"compressed"}},
		{"bomb", Checkpoint(Six, map[string]string{"0": strings.Repeat("\x00", 64<<20)}, zip.Deflate), []string{"compressed"}},
		{"cut", good[:50], []string{"zip"}},
		{"cut in the directory", good[:len(good)-30], []string{"zip"}},
		{"a bit flipped in the data", bytes.Replace(good, []byte("123456"), []byte("123457"), 1), []string{"checksum"}},
		{"record twice", archiveOf(zip.Store, member{"x/data.pkl", Six}, member{"x/data.pkl", Six}), []string{"twice"}},
		{"two pickles", archiveOf(zip.Store, member{"x/data.pkl", Six}, member{"y/data.pkl", Six}, member{"x/data/0", "123456"}, member{"y/data/0", "654321"}), []string{"data.pkl"}},
		{"big-endian", archiveOf(zip.Store, member{"x/data.pkl", Six}, member{"x/byteorder", "big"}, member{"x/data/0", "123456"}), []string{"byte order"}},
		{"names that lead out", archiveOf(zip.Store, member{"../../x/data.pkl", "\x80\x02K\x01."}), []string{"not a dict"}},
		{"a record of petabytes", bytes.ReplaceAll(good, []byte("\x06\x00\x00\x00\x06\x00\x00\x00\x08\x00"), []byte("\xf0\xff\xff\xff\xf0\xff\xff\xff\x08\x00")), []string{"fit into the file"}},
		{"300,000 records", archiveOf(zip.Store, many...), []string{"zip"}},
	}
}
