package tfevents

import (
	"encoding/binary"
	"math"
)

// message is a protocol buffer being written. Fields are numbered as in the .proto
// files.
type message []byte

// Wire types.
const (
	varint  = 0
	fixed64 = 1
	bytes   = 2
)

func (m *message) tag(field, wire int) {
	*m = binary.AppendUvarint(*m, uint64(field<<3|wire))
}

// int writes a number of type int32, int64 or enum.
func (m *message) int(field int, v int64) {
	m.tag(field, varint)
	*m = binary.AppendUvarint(*m, uint64(v))
}

func (m *message) double(field int, v float64) {
	m.tag(field, fixed64)
	*m = binary.LittleEndian.AppendUint64(*m, math.Float64bits(v))
}

// bytes writes a string, bytes or a message.
func (m *message) bytes(field int, v []byte) {
	m.tag(field, bytes)
	*m = binary.AppendUvarint(*m, uint64(len(v)))
	*m = append(*m, v...)
}

// floats writes packed numbers of type float.
func (m *message) floats(field int, v ...float32) {
	m.tag(field, bytes)
	*m = binary.AppendUvarint(*m, uint64(4*len(v)))
	for _, x := range v {
		*m = binary.LittleEndian.AppendUint32(*m, math.Float32bits(x))
	}
}
