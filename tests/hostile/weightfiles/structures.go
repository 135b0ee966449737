package weightfiles

import "strings"

// structures are pickles that are cut, nested or large.
func structures() []Case {
	nested := "\x80\x02)q\x00" + strings.Repeat("0h\x00h\x00\x86q\x00", 200) // 2^200 leaves if anybody printed it
	return []Case{
		{"no end", []byte("\x80\x02}"), []string{"no end"}},
		{"empty pickle", []byte(""), []string{"no end"}},
		{"string of 4 GiB", []byte("\x80\x02X\xff\xff\xff\xff."), []string{"cut off"}},
		{"string of 2^62", []byte("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x3f."), []string{"cut off"}},
		{"bytes of 2^62", []byte("\x80\x05\x96\xff\xff\xff\xff\xff\xff\xff\x3f."), []string{"cut off"}},
		{"frame of 2^62", []byte("\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x3f."), []string{"cut off"}},
		{"huge integer", []byte("\x80\x02\x8b\x00\x10\x00\x00" + strings.Repeat("\x7f", 4096) + "."), []string{"0x8b"}},
		{"integer of no bytes", []byte("\x80\x02\x8a\x00."), []string{"makes no sense"}},
		{"million marks", []byte("\x80\x02" + strings.Repeat("(", 1<<20) + "."), []string{"opcodes"}},
		{"marks up to the limit", []byte("\x80\x02" + strings.Repeat("(", maxOpcodes-2) + "."), []string{"stack"}},
		{"dicts up to the limit", []byte("\x80\x02" + strings.Repeat("}", maxOpcodes-2) + "."), []string{"without tensors"}},
		{"ordered dicts up to the limit", []byte("\x80\x02ccollections\nOrderedDict\nq\x00" + strings.Repeat("h\x00)R", (maxOpcodes-4)/3) + "."), []string{"without tensors"}},
		{"sets up to the limit", []byte("\x80\x04" + strings.Repeat("\x8f", maxOpcodes-2) + "."), []string{"not a dict"}},
		{"memo at 2^31", []byte("\x80\x02}r\xff\xff\xff\x7f."), []string{"without tensors"}},
		{"a list in itself", []byte("\x80\x02]q\x00h\x00a."), []string{"not a dict"}},
		{"a dict in itself", []byte("\x80\x02}q\x00" + text("state_dict") + "h\x00s."), []string{`"state_dict"`}},
		{"string of 16 MiB", []byte("\x80\x02X\x00\x00\x00\x01" + strings.Repeat("x", 1<<24) + "."), []string{"cut off"}},
		{"odd dict", []byte("\x80\x02(K\x01d."), []string{"makes no sense"}},
		{"nested as function", []byte(nested + ")R."), []string{"Callable"}},
		{"nested as name", []byte(nested + "\x8c\x01a\x93."), []string{"STACK_GLOBAL"}},
		{"nested as root", []byte(nested + "."), []string{"not a dict"}},
		{"nested as key", []byte("\x80\x02}" + nested[2:] + "K\x01s."), []string{"tensors"}},
		{"unhashable key", []byte("\x80\x02ccollections\nOrderedDict\n)R]K\x01s."), []string{"tensors"}},
		{"empty stack", []byte("\x80\x02."), []string{"stack"}},
		{"dict of numbers", []byte("\x80\x02}" + text("epoch") + "K\x01s."), []string{`"epoch"`}},
	}
}

// maxOpcodes is the reader's limit.
const maxOpcodes = 1 << 17

// tensors are views that lead outside their storage or wrap around.
func tensors() []Case {
	view := func(elements, offset, size, stride string) []byte {
		return []byte(Tensor("w", elements, offset, size, stride))
	}
	return []Case{
		{"more elements", view("K\x07", "K\x00", "K\x06", "K\x01"), []string{"elements"}},
		{"negative elements", view("J\xff\xff\xff\xff", "K\x00", "K\x06", "K\x01"), []string{"storage"}},
		{"view beyond", view("K\x06", "K\x00", "K\x07", "K\x01"), []string{"beyond"}},
		{"offset beyond", view("K\x06", "K\x07", "", ""), []string{"beyond"}},
		{"negative offset", view("K\x06", "J\xff\xff\xff\xff", "K\x01", "K\x01"), []string{"beyond"}},
		{"negative size", view("K\x06", "K\x00", "J\xff\xff\xff\xff", "K\x01"), []string{"parts"}},
		{"stride wraps", view("K\x06", "K\x00", "K\x03", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"), []string{"beyond"}},
		{"size wraps", view("K\x06", "K\x00", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x04", "K\x00K\x00"), []string{"fit"}},
		{"expansion bomb", view("K\x06", "K\x00", "J\x00\x00\x00\x40", "K\x00"), []string{"expand"}},
		{"nine axes", view("K\x06", "K\x00", strings.Repeat("K\x01", 9), strings.Repeat("K\x01", 9)), []string{"parts"}},
		{"axes and strides differ", view("K\x06", "K\x00", "K\x06", "K\x01K\x01"), []string{"fit"}},
	}
}
