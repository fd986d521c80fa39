package pickle

import (
	"math"
	"math/bits"
	"strconv"
)

// step runs one instruction. The letters are pickle's own names of the instructions.
func (m *machine) step(op byte) error {
	switch op {
	case 0x80: // PROTO
		v, err := m.number(1)
		if err == nil && v > 5 {
			err = malformed("protocol %d", v)
		}
		return err
	case 0x95: // FRAME
		_, err := m.number(8)
		return err
	case '(':
		m.push(mark{})
	case '0': // POP
		_, err := m.pop()
		return err
	case '1': // POP_MARK
		_, err := m.toMark()
		return err
	case 'N':
		m.push(nil)
	case 0x88, 0x89: // NEWTRUE, NEWFALSE
		m.push(op == 0x88)
	case ')':
		m.push(Tuple{})
	case ']':
		m.push(&List{})
	case '}':
		m.push(&Dict{})
	case 'p', 'q', 'r', 0x94, 'g', 'h', 'j':
		return m.remember(op)
	case 't', 0x85, 0x86, 0x87, 'l', 'd', 'a', 'e', 's', 'u':
		return m.collect(op)
	case 'c', 0x93, 'R', 'b':
		return m.object(op)
	default:
		v, err := m.literal(op)
		if err != nil {
			return err
		}
		m.push(v)
	}
	return nil
}

// remember stores the last value in the memo, or takes one from there.
func (m *machine) remember(op byte) error {
	var at uint64
	var err error
	switch op {
	case 'q', 'h': // BINPUT, BINGET
		at, err = m.number(1)
	case 'r', 'j': // LONG_BINPUT, LONG_BINGET
		at, err = m.number(4)
	case 0x94: // MEMOIZE
		at = uint64(len(m.memo))
	default: // PUT, GET
		var s string
		if s, err = m.line(); err == nil {
			if at, err = strconv.ParseUint(s, 10, 32); err != nil {
				err = malformed("the memo %.30q", s)
			}
		}
	}
	if err != nil {
		return err
	}
	if op == 'g' || op == 'h' || op == 'j' {
		v, ok := m.memo[at]
		if !ok {
			return malformed("nothing is remembered as %d", at)
		}
		m.push(v)
		return nil
	}
	v, err := m.top()
	if err != nil {
		return err
	}
	if _, ok := v.(mark); ok {
		return malformed("a mark is remembered")
	}
	m.memo[at] = v
	return nil
}

// collect makes tuples, lists and dictionaries of what is on the stack.
func (m *machine) collect(op byte) error {
	var items []any
	var err error
	switch op {
	case 't', 'l', 'd', 'e', 'u':
		items, err = m.toMark()
	case 0x85, 0x86, 0x87: // TUPLE1, TUPLE2, TUPLE3
		items, err = m.take(int(op - 0x84))
	case 'a':
		items, err = m.take(1)
	case 's':
		items, err = m.take(2)
	}
	if err != nil {
		return err
	}
	switch op {
	case 't', 0x85, 0x86, 0x87:
		m.push(Tuple(items))
	case 'l':
		m.push(&List{items})
	case 'd':
		m.push(&Dict{})
		return m.set(items)
	case 'a', 'e':
		v, err := m.top()
		if err != nil {
			return err
		}
		l, ok := v.(*List)
		if !ok {
			return malformed("an element for what is no list")
		}
		for _, item := range items {
			if _, err := value(item); err != nil {
				return err
			}
		}
		l.Items = append(l.Items, items...)
	case 's', 'u':
		return m.set(items)
	}
	return nil
}

// take pops n values.
func (m *machine) take(n int) ([]any, error) {
	if len(m.stack) < n {
		return nil, malformed("the stack is empty")
	}
	items := append([]any(nil), m.stack[len(m.stack)-n:]...)
	m.stack = m.stack[:len(m.stack)-n]
	return items, nil
}

// set puts keys and values into the dictionary on top of the stack.
func (m *machine) set(items []any) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	d, ok := v.(*Dict)
	if !ok || len(items)%2 != 0 {
		return malformed("keys and values for what is no dictionary")
	}
	for i, item := range items {
		if _, err := value(item); err != nil {
			return err
		}
		if i%2 == 0 {
			d.Keys = append(d.Keys, item)
		} else {
			d.Values = append(d.Values, item)
		}
	}
	return nil
}

// object finds functions, calls them and sets the state of what they made.
func (m *machine) object(op byte) error {
	switch op {
	case 'c': // GLOBAL
		module, err := m.line()
		if err != nil {
			return err
		}
		name, err := m.line()
		if err != nil {
			return err
		}
		f, err := global(module, name)
		m.push(f)
		return err
	case 0x93: // STACK_GLOBAL
		items, err := m.take(2)
		if err != nil {
			return err
		}
		module, ok1 := items[0].(string)
		name, ok2 := items[1].(string)
		if !ok1 || !ok2 {
			return malformed("a function without a name")
		}
		f, err := global(module, name)
		m.push(f)
		return err
	case 'R': // REDUCE
		items, err := m.take(2)
		if err != nil {
			return err
		}
		f, ok1 := items[0].(function)
		args, ok2 := items[1].(Tuple)
		if !ok1 || !ok2 {
			return malformed("a call of what is no function")
		}
		v, err := call(f, args)
		m.push(v)
		return err
	}
	items, err := m.take(1) // BUILD
	if err != nil {
		return err
	}
	v, err := m.top()
	if err != nil {
		return err
	}
	return build(v, items[0])
}

// literal reads a number, a text or bytes.
func (m *machine) literal(op byte) (any, error) {
	switch op {
	case 'K', 'M': // BININT1, BININT2
		v, err := m.number(int(op-'K')/2 + 1)
		return int64(v), err
	case 'J': // BININT
		v, err := m.number(4)
		return int64(int32(v)), err
	case 'I', 'L':
		s, err := m.line()
		if err != nil {
			return nil, err
		}
		return decimal(s)
	case 0x8a, 0x8b: // LONG1, LONG4
		b, err := m.data(1 + 3*int(op-0x8a))
		if err != nil {
			return nil, err
		}
		if len(b) > 1024 {
			return nil, malformed("an integer of %d bytes", len(b))
		}
		return integer(b)
	case 'F':
		s, err := m.line()
		if err != nil {
			return nil, err
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, malformed("the number %.30q", s)
		}
		return x, nil
	case 'G': // BINFLOAT, big-endian
		v, err := m.number(8)
		return math.Float64frombits(bits.ReverseBytes64(v)), err
	case 'X', 0x8c, 0x8d: // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8
		return m.text(map[byte]int{'X': 4, 0x8c: 1, 0x8d: 8}[op])
	case 'B', 'C', 0x8e, 'T', 'U': // BINBYTES, SHORT_BINBYTES, BINBYTES8, and Python 2's BINSTRING, SHORT_BINSTRING
		return m.data(map[byte]int{'B': 4, 'C': 1, 0x8e: 8, 'T': 4, 'U': 1}[op])
	case 'S', 'V': // STRING, UNICODE: quoted texts of protocol 0
		s, err := m.line()
		if err != nil {
			return nil, err
		}
		return quoted(op, s)
	}
	return nil, malformed("the instruction %#02x, which plain data does not need", op)
}

// quoted reads the texts of protocol 0, as far as they are without escapes.
func quoted(op byte, s string) (any, error) {
	for i := range len(s) {
		if s[i] == '\\' {
			return nil, malformed("a text with escapes, of protocol 0")
		}
	}
	if op == 'V' {
		return s, nil
	}
	if n := len(s); n >= 2 && s[0] == s[n-1] && (s[0] == '\'' || s[0] == '"') {
		return []byte(s[1 : n-1]), nil
	}
	return nil, malformed("a text without quotation marks")
}
