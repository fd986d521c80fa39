//go:build (!amd64 && !arm64) || noasm

package kernel

// native returns the tables of this CPU's vector extensions: none in this build.
func native() []*table { return nil }
