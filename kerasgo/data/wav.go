package data

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The formats of samples that the fmt chunk of a WAV file names.
const (
	wavPCM        = 1
	wavExtensible = 0xfffe // the format stands at byte 24 of the chunk
)

// decodeWAV returns the 16-bit samples of a WAV file, divided by 32768, with those of
// all channels of one instant side by side.
//
// A file is "RIFF", a length and "WAVE", and then chunks: a name of four letters, a
// length, and that many bytes, filled up to an even number.
func decodeWAV(raw []byte) (samples []float32, channels int, err error) {
	if len(raw) < 12 || string(raw[:4]) != "RIFF" || string(raw[8:12]) != "WAVE" {
		return nil, 0, errors.New("it is no WAV file: it does not begin with RIFF and WAVE")
	}
	for raw = raw[12:]; len(raw) >= 8; {
		name, n := string(raw[:4]), int(binary.LittleEndian.Uint32(raw[4:]))
		raw = raw[8:]
		chunk := raw[:min(n, len(raw))]
		switch name {
		case "fmt ":
			if channels, err = wavFormat(chunk); err != nil {
				return nil, 0, err
			}
		case "data":
			if channels == 0 {
				return nil, 0, errors.New("the WAV file has samples before their format")
			}
			frames := len(chunk) / (2 * channels)
			samples = make([]float32, frames*channels)
			for i := range samples {
				samples[i] = float32(int16(binary.LittleEndian.Uint16(chunk[2*i:]))) / 32768
			}
			return samples, channels, nil
		}
		raw = raw[min(n+n%2, len(raw)):]
	}
	return nil, 0, errors.New("the WAV file has no samples")
}

// wavFormat reads the fmt chunk.
func wavFormat(chunk []byte) (channels int, err error) {
	if len(chunk) < 16 {
		return 0, fmt.Errorf("the WAV file's format has %d bytes; wanted 16 or more", len(chunk))
	}
	format := binary.LittleEndian.Uint16(chunk)
	if format == wavExtensible && len(chunk) >= 26 {
		format = binary.LittleEndian.Uint16(chunk[24:])
	}
	channels, bits := int(binary.LittleEndian.Uint16(chunk[2:])), binary.LittleEndian.Uint16(chunk[14:])
	switch {
	case format != wavPCM || bits != 16:
		return 0, fmt.Errorf("the WAV file has samples of format %d and %d bits; wanted format %d (PCM) and 16 bits, as Keras does", format, bits, wavPCM)
	case channels == 0:
		return 0, errors.New("the WAV file has no channels")
	}
	return channels, nil
}
