package hdf5

// Types of header messages.
const (
	msgDataspace     = 0x01
	msgLinkInfo      = 0x02
	msgDatatype      = 0x03
	msgFillOld       = 0x04
	msgFill          = 0x05
	msgLink          = 0x06
	msgExternal      = 0x07
	msgLayout        = 0x08
	msgFilters       = 0x0b
	msgAttribute     = 0x0c
	msgContinuation  = 0x10
	msgSymbolTable   = 0x11
	msgAttributeInfo = 0x15
)

// maxMessages is the most messages an object may have; version 1 headers count them in 16 bits.
const maxMessages = 1 << 16

type message struct {
	kind, flags int
	data        []byte
}

// header is an object header: the messages that make an object a group, a dataset or a named datatype.
type header struct {
	f        *File
	addr     uint64
	v2       bool
	ordered  bool // messages carry a creation order
	messages []message
}

type span struct{ addr, n uint64 }

func (f *File) header(addr uint64) (*header, error) {
	if h := f.headers[addr]; h != nil {
		return h, nil
	}
	c, err := f.upTo(addr, 32)
	if err != nil {
		return nil, err
	}
	h := &header{f: f, addr: addr}
	if len(c.b) > 4 && string(c.b[:4]) == "OHDR" {
		err = h.readV2(c)
	} else {
		err = h.readV1(c)
	}
	if err != nil {
		return nil, err
	}
	f.headers[addr] = h
	return h, nil
}

func (h *header) readV1(c *cursor) error {
	if v := c.u8(); v != 1 {
		return malformed("no object header at address %#x", h.addr)
	}
	c.take(7) // reserved, message count, reference count
	n := uint64(c.u32())
	if c.err != nil {
		return c.err
	}
	return h.readChunks(span{h.addr + 16, n})
}

func (h *header) readV2(c *cursor) error {
	h.v2 = true
	c.take(4)
	if v := c.u8(); v != 2 {
		return fail(ErrUnsupported, "object header version %d", v)
	}
	flags := c.u8()
	h.ordered = flags&4 != 0
	n := 6
	if flags&0x20 != 0 { // four times
		c.take(16)
		n += 16
	}
	if flags&0x10 != 0 { // attribute phase change
		c.take(4)
		n += 4
	}
	size := c.uint(1 << (flags & 3))
	n += 1 << (flags & 3)
	if c.err != nil || size > h.f.size {
		return malformed("object header at address %#x", h.addr)
	}
	c, err := h.f.checked(h.addr, uint64(n)+size+4, "OHDR")
	if err != nil {
		return err
	}
	c.take(n - 4)
	if err := h.parse(c); err != nil {
		return err
	}
	return h.readChunks()
}

// readChunks reads the given blocks of messages and those which continuation messages add.
func (h *header) readChunks(todo ...span) error {
	seen := map[uint64]bool{}
	next := 0 // messages before it were searched for continuations
	for {
		for ; next < len(h.messages); next++ {
			if m := h.messages[next]; m.kind == msgContinuation {
				c := &cursor{b: m.data, f: h.f}
				s := span{c.address(), c.length()}
				if c.err != nil {
					return c.err
				}
				todo = append(todo, s)
			}
		}
		if len(todo) == 0 {
			return nil
		}
		s := todo[0]
		todo = todo[1:]
		if seen[s.addr] {
			return malformed("object header at address %#x continues in a circle", h.addr)
		}
		seen[s.addr] = true
		var c *cursor
		var err error
		if h.v2 {
			c, err = h.f.checked(s.addr, s.n, "OCHK")
		} else {
			c, err = h.f.at(s.addr, s.n)
		}
		if err != nil {
			return err
		}
		if err := h.parse(c); err != nil {
			return err
		}
	}
}

func (h *header) parse(c *cursor) error {
	prefix := 8
	if h.v2 {
		prefix = 4
		if h.ordered {
			prefix = 6
		}
	}
	for len(c.b) >= prefix { // less is a gap
		var m message
		var n int
		if h.v2 {
			m.kind, n, m.flags = c.u8(), c.u16(), c.u8()
			if h.ordered {
				c.take(2)
			}
		} else {
			m.kind, n, m.flags = c.u16(), c.u16(), c.u8()
			c.take(3)
		}
		m.data = c.take(n)
		if c.err != nil {
			return c.err
		}
		if m.kind == 0 { // free space
			continue
		}
		if len(h.messages) == maxMessages {
			return malformed("object header at address %#x has too many messages", h.addr)
		}
		h.messages = append(h.messages, m)
	}
	return nil
}

// has tells whether a message of this kind is there.
func (h *header) has(kind int) bool {
	for _, m := range h.messages {
		if m.kind == kind {
			return true
		}
	}
	return false
}

// message returns the first message of this kind, or nil.
func (h *header) message(kind int) *cursor {
	for _, m := range h.messages {
		if m.kind == kind {
			d, err := h.f.unshare(m.kind, m.flags, m.data)
			return &cursor{b: d, f: h.f, err: err}
		}
	}
	return nil
}

// unshare follows a message that is stored in another object's header (a committed datatype).
func (f *File) unshare(kind, flags int, d []byte) ([]byte, error) {
	if flags&2 == 0 {
		return d, nil
	}
	c := &cursor{b: d, f: f}
	v, where := c.u8(), c.u8()
	if v == 1 {
		c.take(6)
	}
	if c.err == nil && (v > 3 || v == 3 && where == 1) {
		return nil, fail(ErrUnsupported, "message in the shared message table")
	}
	addr := c.address()
	if c.err != nil {
		return nil, c.err
	}
	h, err := f.header(addr)
	if err != nil {
		return nil, err
	}
	for _, m := range h.messages {
		if m.kind == kind && m.flags&2 == 0 {
			return m.data, nil
		}
	}
	return nil, malformed("shared message not found at address %#x", addr)
}
