package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Limits of a pickle. The one of a ViT-L checkpoint with its optimizer takes
// 200 kB and 30,000 opcodes; all data lies outside the pickle.
const (
	maxPickleBytes   = 16 << 20
	maxPickleOpcodes = 1 << 17
	maxPickleLine    = 4096
	maxPickleInteger = 64 // bytes: decoding is quadratic in them
)

// pickleArgument is how an opcode's argument is laid out.
type pickleArgument uint8

const (
	refused pickleArgument = iota // not an opcode, or one that torch.save never writes
	none
	fixed1
	fixed2
	fixed4
	fixed8
	frame
	line
	twoLines
	counted1
	counted4
	counted8
	integer1
	integer4
)

// pickleOpcodes lists what torch.save writes in protocols 0 to 5. Left out
// are the opcodes that reach for code or data elsewhere: INST, OBJ, PERSID,
// EXT1-4 and out-of-band buffers.
var pickleOpcodes = func() (table [256]pickleArgument) {
	for argument, opcodes := range map[pickleArgument]string{
		none:     "(.012NQRabde})lstu]\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94",
		fixed1:   "Khq\x80",
		fixed2:   "M",
		fixed4:   "Jjr",
		fixed8:   "G",
		frame:    "\x95",
		line:     "FILSVgp",
		twoLines: "c",
		counted1: "UC\x8c",
		counted4: "TBX",
		counted8: "\x8d\x8e\x96",
		integer1: "\x8a",
		integer4: "\x8b",
	} {
		for _, opcode := range []byte(opcodes) {
			table[opcode] = argument
		}
	}
	return table
}()

// scanPickle walks the opcodes of the pickle at the start of data without
// running them and returns its length. What passes cannot make the unpickler
// allocate more than the pickle's own size allows.
func scanPickle(data []byte) (length int, err error) {
	data = data[:min(len(data), maxPickleBytes)]
	at := 0
	for count := 1; ; count++ {
		if at >= len(data) {
			return 0, fmt.Errorf("found no end of the pickle in %d bytes, expected one", len(data))
		}
		if count > maxPickleOpcodes {
			return 0, fmt.Errorf("found a pickle of more than %d opcodes, expected a list of tensors", maxPickleOpcodes)
		}
		opcode := data[at]
		size, ok := argumentSize(pickleOpcodes[opcode], data[at+1:])
		if !ok {
			return 0, fmt.Errorf("found pickle opcode 0x%02x with an argument that is cut off or too long, or one that checkpoints do not use, at byte %d", opcode, at)
		}
		at += 1 + size
		if opcode == '.' {
			break
		}
	}
	// gopickle resolves this one before asking for permission; names can only be spelled out in full.
	if bytes.Contains(data[:at], []byte("_array_reconstructor")) {
		return 0, &classFault{"array._array_reconstructor"}
	}
	return at, nil
}

// argumentSize is the size of an argument that rest begins with; false where it does not fit.
func argumentSize(argument pickleArgument, rest []byte) (int, bool) {
	limited := func(prefix int, count uint64, limit int) (int, bool) {
		if count > uint64(min(limit, len(rest)-prefix)) {
			return 0, false
		}
		return prefix + int(count), true
	}
	have := func(n int) bool { return len(rest) >= n }
	switch argument {
	case none:
		return 0, true
	case fixed1, fixed2, fixed4, fixed8:
		n := 1 << (argument - fixed1)
		return n, have(n)
	case frame: // gopickle allocates a frame before it reads it
		return 8, have(8) && binary.LittleEndian.Uint64(rest) <= uint64(len(rest)-8)
	case line:
		return lineSize(rest)
	case twoLines:
		first, ok := lineSize(rest)
		if !ok {
			return 0, false
		}
		second, ok := lineSize(rest[first:])
		return first + second, ok
	case counted1, integer1:
		if have(1) {
			return limited(1, uint64(rest[0]), 255)
		}
	case counted4, integer4:
		limit := maxPickleBytes
		if argument == integer4 {
			limit = maxPickleInteger
		}
		if have(4) {
			return limited(4, uint64(binary.LittleEndian.Uint32(rest)), limit)
		}
	case counted8:
		if have(8) {
			return limited(8, binary.LittleEndian.Uint64(rest), maxPickleBytes)
		}
	}
	return 0, false
}

func lineSize(rest []byte) (int, bool) {
	n := bytes.IndexByte(rest[:min(len(rest), maxPickleLine)], '\n')
	return n + 1, n >= 0
}
