// Package examples holds the spec files of this folder, which "kerasgo init" writes
// as starting points, and the table that one of them reads. The programs are in
// folders of their own.
package examples

import "embed"

// Specs holds the spec files, NAME.yaml, and their data, NAME.csv.
//
//go:embed *.yaml *.csv
var Specs embed.FS
