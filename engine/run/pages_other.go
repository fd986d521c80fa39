//go:build !linux

package run

import "unsafe"

// wantHugePages does nothing: other systems choose for themselves.
func wantHugePages(unsafe.Pointer, int) {}
