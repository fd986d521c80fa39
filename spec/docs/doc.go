// Package docs computes nothing: importing it hands the doc comments of the registered classes to package spec, for help and schema. The table in zz_docs.go is generated
// from the sources.
package docs

//go:generate go run ../docgen -o zz_docs.go -package docs ../../kerasgo/...
//go:generate go run ../../internal/docgen -o ../../docs/reference -namespace ../../kerasgo/oracle/testdata/namespace.json
