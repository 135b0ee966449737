package mat73

import "fmt"

// The message types that are read; all others are passed over.
const (
	messageDataspace    = 0x01
	messageLinkInfo     = 0x02
	messageDatatype     = 0x03
	messageLink         = 0x06
	messageExternal     = 0x07
	messageLayout       = 0x08
	messageFilters      = 0x0b
	messageContinuation = 0x10
	messageSymbolTable  = 0x11
)

// Limits of one object header. MATLAB's hold a dozen messages in one or two blocks.
const (
	maxHeaderBytes = 1 << 20
	maxBlocks      = 64
	maxMessages    = 1 << 14
)

type message struct {
	kind   uint64
	shared bool
	body   []byte
}

// block is a part of the file that holds messages.
type block struct{ address, length uint64 }

// header is an object header while its blocks are gathered. Blocks may point
// to each other in a circle: their number and bytes are bounded.
type header struct {
	file     *File
	modern   bool // version 2
	ordered  bool // messages carry a creation order
	queue    []block
	messages []message
	bytes    uint64
}

// messages reads the header of an object, its continuations included.
func (f *File) messages(object Ref) ([]message, error) {
	what := fmt.Sprintf("object header at address %d", uint64(object))
	c, err := f.at(what, uint64(object), 4)
	if err != nil {
		return nil, err
	}
	h := &header{file: f}
	switch {
	case string(c.rest) == "OHDR":
		err = h.startModern(what, uint64(object))
	case c.rest[0] == 1:
		err = h.startOld(what, uint64(object))
	default:
		return nil, fault("%s: it begins with % x, which is no object header", what, c.rest)
	}
	for n := 0; err == nil && len(h.queue) > 0; n++ {
		next := h.queue[0]
		h.queue = h.queue[1:]
		if h.bytes += next.length; n > maxBlocks || next.length > maxHeaderBytes || h.bytes > maxHeaderBytes {
			return nil, fault("%s: more than %d blocks or %d bytes", what, maxBlocks, maxHeaderBytes)
		}
		err = h.read(what, next, n == 0)
	}
	return h.messages, err
}

// startOld: version, messages, reference count, bytes, padding to 16.
func (h *header) startOld(what string, address uint64) error {
	c, err := h.file.at(what, address, 16)
	if err != nil {
		return err
	}
	c.skip(8)
	h.queue = []block{{address + 16, c.uint(4)}}
	return nil
}

// startModern puts the whole first block in line, for its checksum.
func (h *header) startModern(what string, address uint64) error {
	c, err := h.file.at(what, address, 6)
	if err != nil {
		return err
	}
	c.skip(4)
	if version := c.uint(1); version != 2 {
		return unsupported("%s: version %d, expected 1 or 2", what, version)
	}
	flags := c.uint(1)
	h.modern, h.ordered = true, flags&4 != 0
	prefix := modernPrefix(flags)
	if c, err = h.file.at(what, address, int64(prefix)); err != nil {
		return err
	}
	width := 1 << (flags & 3)
	c.skip(prefix - width)
	length := c.uint(width)
	if length > maxHeaderBytes {
		return fault("%s: %d bytes of messages, expected at most %d", what, length, maxHeaderBytes)
	}
	h.queue = []block{{address, uint64(prefix) + length + 4}}
	return nil
}

// modernPrefix is the length of what stands before the messages.
func modernPrefix(flags uint64) int {
	n := 6 + 1<<(flags&3)
	if flags&0x20 != 0 {
		n += 16 // times
	}
	if flags&0x10 != 0 {
		n += 4 // limits of attributes
	}
	return n
}

// read takes the messages out of one block.
func (h *header) read(what string, b block, first bool) error {
	if b.length > maxHeaderBytes {
		return fault("%s: a block of %d bytes, expected at most %d", what, b.length, maxHeaderBytes)
	}
	c, err := h.file.at(what, b.address, int64(b.length))
	if err != nil {
		return err
	}
	if h.modern {
		if err := c.checksum(); err != nil {
			return err
		}
		if first {
			c.skip(5)
			c.skip(modernPrefix(c.uint(1)) - 6)
		} else if err := c.magic("OCHK"); err != nil {
			return err
		}
	}
	prefix := 8
	if h.modern {
		prefix = 4
		if h.ordered {
			prefix = 6
		}
	}
	for len(c.rest) >= prefix && c.err == nil {
		if err := h.next(c); err != nil {
			return err
		}
	}
	return c.err
}

// next reads one message; a continuation goes into the queue.
func (h *header) next(c *cursor) error {
	kindWidth, gap := 2, 3
	if h.modern {
		kindWidth, gap = 1, 0
		if h.ordered {
			gap = 2
		}
	}
	m := message{kind: c.uint(kindWidth)}
	length := c.uint(2)
	m.shared = c.uint(1)&2 != 0
	c.skip(gap)
	m.body = c.take(int(length))
	if c.err != nil {
		return c.err
	}
	if m.kind == messageContinuation {
		body := m.cursor("continuation of " + c.what)
		h.queue = append(h.queue, block{body.uint(8), body.uint(8)})
		if body.err != nil {
			return body.err
		}
	}
	if len(h.messages) == maxMessages {
		return fault("%s: more than %d messages", c.what, maxMessages)
	}
	h.messages = append(h.messages, m)
	return nil
}

func (m message) cursor(what string) *cursor { return &cursor{what: what, rest: m.body} }

// find returns the first message of a kind, or nil.
func find(messages []message, kind uint64) *message {
	for i := range messages {
		if messages[i].kind == kind {
			return &messages[i]
		}
	}
	return nil
}
