package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// DataError is a failure to read the data that a description, itself without
// mistakes, asks for. It is placed at what names the data.
type DataError struct{ Mistake *spec.Error }

func (e DataError) Error() string { return e.Mistake.Error() }

// Unwrap returns the cause.
func (e DataError) Unwrap() error { return e.Mistake.Err }

// dataError places an error of a data source at the path that it mentions, or at
// the argument that its message starts with.
func (e *Experiment) dataError(err error) error {
	head, args := spec.Head(e.section("data"))
	pos, class := e.at("data"), "data"
	if head != nil {
		pos, class = head.Pos, head.Value
	}
	msg := strings.TrimPrefix(err.Error(), strings.ToLower(class)+": ") // packages name themselves
	if n := mentioned(args, msg); n != nil {
		pos = n.Pos
	} else if arg, _, ok := strings.Cut(msg, ": "); ok && args.Get(arg) != nil {
		pos = args.Get(arg).Pos
	}
	out := &spec.Error{Pos: pos, Code: CodeFile, Msg: class + ": " + msg, Err: err}
	var path *fs.PathError
	if errors.As(err, &path) {
		out.Msg = fmt.Sprintf("%s: %s: %v", class, path.Path, path.Err)
		if errors.Is(err, fs.ErrNotExist) {
			out.Msg = fmt.Sprintf("%s: there is no %s", class, path.Path)
			if n := mentioned(args, msg); n != nil && !filepath.IsAbs(n.Value) {
				out.Help = []string{"relative paths start at the folder of the spec file"}
			}
		}
	}
	return DataError{out}
}

// mentioned returns the text below n that occurs in a message, the longest one if
// there are several.
func mentioned(n *spec.Node, msg string) *spec.Node {
	var found *spec.Node
	var walk func(*spec.Node)
	walk = func(n *spec.Node) {
		if n == nil {
			return
		}
		if n.Kind == spec.String && n.Value != "" && strings.Contains(msg, filepath.Clean(n.Value)) && (found == nil || len(n.Value) > len(found.Value)) {
			found = n
		}
		for _, item := range n.Items {
			walk(item)
		}
		for _, p := range n.Pairs {
			walk(p.Val)
		}
	}
	walk(n)
	return found
}
