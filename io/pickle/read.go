package pickle

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrFormat is wrapped by every error about the content of a file.
var ErrFormat = errors.New("not a pickle of plain data")

func malformed(format string, args ...any) error {
	return fmt.Errorf("pickle: %w: "+format, append([]any{ErrFormat}, args...)...)
}

// Read reads one value. What follows it is not looked at.
func Read(r io.Reader) (any, error) {
	m := &machine{r: bufio.NewReader(r), memo: map[uint64]any{}}
	for {
		op, err := m.r.ReadByte()
		if err != nil {
			return nil, malformed("it ends within")
		}
		if op == '.' {
			v, err := m.pop()
			if err != nil {
				return nil, err
			}
			return value(v)
		}
		if err := m.step(op); err != nil {
			return nil, err
		}
		if len(m.stack) > maxStack || len(m.memo) > maxStack {
			return nil, malformed("more than %d values at once", maxStack)
		}
	}
}

const (
	maxStack = 1 << 26
	maxLine  = 1 << 16
)

// value refuses what is no value.
func value(v any) (any, error) {
	switch v.(type) {
	case mark, function, *dtype:
		return nil, malformed("a value is missing")
	}
	return v, nil
}

// machine runs a pickle: a stack, and a memo of values that are used again.
type machine struct {
	r     *bufio.Reader
	stack []any
	memo  map[uint64]any
}

func (m *machine) push(v any) { m.stack = append(m.stack, v) }

func (m *machine) pop() (any, error) {
	if len(m.stack) == 0 {
		return nil, malformed("the stack is empty")
	}
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v, nil
}

// top returns the last value, which stays.
func (m *machine) top() (any, error) {
	if len(m.stack) == 0 {
		return nil, malformed("the stack is empty")
	}
	return m.stack[len(m.stack)-1], nil
}

// toMark takes everything after the last mark.
func (m *machine) toMark() ([]any, error) {
	for i := len(m.stack) - 1; i >= 0; i-- {
		if _, ok := m.stack[i].(mark); ok {
			list := append([]any(nil), m.stack[i+1:]...)
			m.stack = m.stack[:i]
			return list, nil
		}
	}
	return nil, malformed("a mark is missing")
}

// number reads n bytes, little-endian.
func (m *machine) number(n int) (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(m.r, b[:n]); err != nil {
		return 0, malformed("it ends within")
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// data reads a block whose length is told by the n bytes before it. No memory is taken
// on the word of the length alone.
func (m *machine) data(n int) ([]byte, error) {
	size, err := m.number(n)
	if err != nil {
		return nil, err
	}
	if size > math.MaxInt32 {
		return nil, malformed("a block of %d bytes", size)
	}
	var b bytes.Buffer
	if got, err := io.CopyN(&b, m.r, int64(size)); err != nil {
		return nil, malformed("a block of %d bytes, of which there are %d", size, got)
	}
	return b.Bytes(), nil
}

// line reads up to the end of a line.
func (m *machine) line() (string, error) {
	var b strings.Builder
	for b.Len() < maxLine {
		c, err := m.r.ReadByte()
		if err != nil {
			return "", malformed("it ends within")
		}
		if c == '\n' {
			return b.String(), nil
		}
		b.WriteByte(c)
	}
	return "", malformed("a line of more than %d bytes", maxLine)
}

// text reads UTF-8.
func (m *machine) text(n int) (string, error) {
	b, err := m.data(n)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(b) {
		return "", malformed("a text that is not UTF-8")
	}
	return string(b), nil
}

// integer reads a two's complement number of n bytes.
func integer(b []byte) (int64, error) {
	if len(b) > 8 {
		n := new(big.Int)
		for i := len(b) - 1; i >= 0; i-- {
			n.Or(n.Lsh(n, 8), big.NewInt(int64(b[i])))
		}
		if b[len(b)-1] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
		if !n.IsInt64() {
			return 0, malformed("an integer of more than 64 bits")
		}
		return n.Int64(), nil
	}
	v := uint64(0)
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	if len(b) == 0 {
		return 0, nil
	}
	shift := 64 - 8*len(b)
	return int64(v<<shift) >> shift, nil
}

// decimal reads an integer in a line: of INT, which also has truth values, or LONG.
func decimal(s string) (any, error) {
	switch s {
	case "00":
		return false, nil
	case "01":
		return true, nil
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(s, "L"), 10, 64)
	if err != nil {
		return nil, malformed("the integer %.30q", s)
	}
	return n, nil
}
