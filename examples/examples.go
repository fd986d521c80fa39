// Package examples holds the spec files of this folder, which "kerasgo init" writes
// as starting points. The programs are in folders of their own.
package examples

import "embed"

// Specs holds the spec files.
//
//go:embed *.yaml
var Specs embed.FS
