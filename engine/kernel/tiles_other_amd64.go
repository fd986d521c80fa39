//go:build !linux && !noasm

package kernel

// allowTiles: elsewhere Go does not know of the tile unit's state (on Windows exceptions corrupt stacks on such machines, golang.org/issue/81238).
func allowTiles() bool { return false }
