//go:build amd64 && !noasm

package kernel

import "encoding/binary"

// vendor returns the processor's vendor, twelve letters.
func vendor() (b, d, c uint32)

// vendorAMD reports whether the processor is one of AMD's, or of Hygon's, which are built like them.
func vendorAMD() bool {
	var name [12]byte
	b, d, c := vendor()
	for i, v := range [3]uint32{b, d, c} {
		binary.LittleEndian.PutUint32(name[4*i:], v)
	}
	return string(name[:]) == "AuthenticAMD" || string(name[:]) == "HygonGenuine"
}
