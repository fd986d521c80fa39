package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrFormat is wrapped by every error about the content of a file.
var ErrFormat = errors.New("not a readable NumPy file")

func malformed(format string, args ...any) error {
	return fmt.Errorf("npy: %w: "+format, append([]any{ErrFormat}, args...)...)
}

const (
	magic     = "\x93NUMPY"
	maxHeader = 1 << 16 // NumPy itself refuses more than 10,000 characters
	maxAxes   = 64      // NumPy's limit
)

// header is what stands before the elements.
type header struct {
	descr   string
	fortran bool
	shape   []int
}

// readHeader reads up to the first element.
func readHeader(r io.Reader) (header, error) {
	var h header
	var start [8]byte
	if err := readFull(r, start[:], "the header"); err != nil {
		return h, err
	}
	if string(start[:6]) != magic {
		return h, malformed("it starts with %q, not with %q", start[:6], magic)
	}
	size := 0
	switch start[6] {
	case 1:
		var b [2]byte
		if err := readFull(r, b[:], "the header"); err != nil {
			return h, err
		}
		size = int(binary.LittleEndian.Uint16(b[:]))
	case 2, 3:
		var b [4]byte
		if err := readFull(r, b[:], "the header"); err != nil {
			return h, err
		}
		n := binary.LittleEndian.Uint32(b[:])
		if n > maxHeader {
			return h, malformed("a header of %d bytes", n)
		}
		size = int(n)
	default:
		return h, malformed("format version %d.%d, known are 1, 2 and 3", start[6], start[7])
	}
	text := make([]byte, size)
	if err := readFull(r, text, "the header"); err != nil {
		return h, err
	}
	p := parser{rest: string(text)}
	h = p.header()
	if p.err != nil {
		return h, p.err
	}
	return h, nil
}

// parser reads the header's Python dictionary:
//
//	{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
//
// It keeps the first error; after one it yields zeros.
type parser struct {
	rest string
	err  error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = malformed("header: "+format, args...)
	}
}

func (p *parser) skipSpace() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// accept consumes token if it comes next.
func (p *parser) accept(token string) bool {
	p.skipSpace()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *parser) expect(token string) {
	if !p.accept(token) {
		p.fail("%q wanted before %q", token, clip(p.rest))
	}
}

func (p *parser) header() header {
	var h header
	seen := map[string]bool{}
	p.expect("{")
	for p.err == nil && !p.accept("}") {
		key := p.str()
		p.expect(":")
		if p.err != nil {
			break
		}
		if seen[key] {
			p.fail("%q stands twice", key)
		}
		seen[key] = true
		switch key {
		case "descr":
			p.skipSpace()
			if strings.HasPrefix(p.rest, "[") {
				p.fail("arrays of records (structured types) are not supported")
				break
			}
			h.descr = p.str()
		case "fortran_order":
			switch {
			case p.accept("True"):
				h.fortran = true
			case !p.accept("False"):
				p.fail("fortran_order is neither True nor False")
			}
		case "shape":
			h.shape = p.shape()
		default:
			p.fail("unknown key %q", clip(key))
		}
		if !p.accept(",") {
			p.expect("}")
			break
		}
	}
	p.skipSpace()
	if p.rest != "" {
		p.fail("%q after its end", clip(p.rest))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			p.fail("%s is missing", key)
		}
	}
	return h
}

// str reads a quoted string without escapes.
func (p *parser) str() string {
	p.skipSpace()
	if p.rest == "" || p.rest[0] != '\'' && p.rest[0] != '"' {
		p.fail("a string wanted before %q", clip(p.rest))
		return ""
	}
	end := strings.IndexByte(p.rest[1:], p.rest[0])
	if end < 0 {
		p.fail("a string without end")
		return ""
	}
	s := p.rest[1 : 1+end]
	p.rest = p.rest[end+2:]
	return s
}

// shape reads a tuple of lengths. Python 2 wrote longs with an L.
func (p *parser) shape() []int {
	shape := []int{}
	p.expect("(")
	for p.err == nil && !p.accept(")") {
		p.skipSpace()
		n := 0
		for n < len(p.rest) && p.rest[n] >= '0' && p.rest[n] <= '9' {
			n++
		}
		v, err := strconv.ParseInt(p.rest[:n], 10, 64)
		if err != nil {
			p.fail("a length wanted before %q", clip(p.rest))
			break
		}
		p.rest = p.rest[n:]
		p.accept("L")
		if shape = append(shape, int(v)); len(shape) > maxAxes {
			p.fail("more than %d axes", maxAxes)
		}
		if !p.accept(",") {
			p.expect(")")
			break
		}
	}
	return shape
}

// clip shortens text from a file for a message.
func clip(s string) string {
	if len(s) <= 40 {
		return s
	}
	n := 40
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// bytes returns the header as NumPy writes it: padded with spaces so that the elements start at a multiple of 64, and
// so that the first length can grow in place.
func (h header) bytes() []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "{'descr': '%s', 'fortran_order': False, 'shape': (", h.descr)
	for i, n := range h.shape {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(strconv.Itoa(n))
	}
	if len(h.shape) == 1 {
		s.WriteString(",")
	}
	s.WriteString("), }")
	if len(h.shape) > 0 {
		const growth = 21 // digits of 8·2^64
		s.WriteString(strings.Repeat(" ", growth-len(strconv.Itoa(h.shape[0]))))
	}
	text := s.String()
	const before = len(magic) + 2 + 2
	pad := 64 - (before+len(text)+1)%64 // NumPy adds a whole 64 where nothing is missing
	text += strings.Repeat(" ", pad) + "\n"

	out := append([]byte(magic), 1, 0)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(text)))
	return append(out, text...)
}
