// Docgen writes docs/reference: a page for each kind of registered class, from
// the doc comments and tags that package spec knows, and coverage.md, which counts
// what there is of Keras. Nothing on the pages is written by hand.
//
//	go generate ./spec/docs
//
// With -check it writes nothing and fails if a page is not current.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/kerasgo/kerasgo/kerasgo/experiment" // and with it every package that registers classes
	_ "github.com/kerasgo/kerasgo/spec/docs"
)

func main() {
	out := flag.String("o", "docs/reference", "folder to write to")
	keras := flag.String("namespace", "kerasgo/oracle/testdata/namespace.json", "what Keras offers, as gen/namespace.py lists it")
	check := flag.Bool("check", false, "only compare")
	flag.Parse()
	if err := run(*out, *keras, *check); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// run makes the folder hold the pages and nothing else, or says what differs.
func run(out, keras string, check bool) error {
	want := pages()
	page, err := coverage(keras)
	if err != nil {
		return err
	}
	want["coverage.md"] = page
	old, err := filepath.Glob(filepath.Join(out, "*.md"))
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range old {
		if _, ok := want[filepath.Base(name)]; ok {
			continue
		}
		if check {
			errs = append(errs, fmt.Errorf("%s is left over", name))
		} else {
			errs = append(errs, os.Remove(name))
		}
	}
	if !check {
		errs = append(errs, os.MkdirAll(out, 0o777))
	}
	for name, text := range want {
		name = filepath.Join(out, name)
		if !check {
			errs = append(errs, os.WriteFile(name, text, 0o666))
			continue
		}
		have, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		} else if !bytes.Equal(have, text) {
			errs = append(errs, fmt.Errorf("%s is not current; run go generate ./spec/docs", name))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return errors.Join(errs...)
}
