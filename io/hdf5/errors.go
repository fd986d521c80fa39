package hdf5

import (
	"errors"
	"fmt"
	"strings"
)

// The kinds of failure; test with [errors.Is].
var (
	ErrFormat      = errors.New("malformed file")                 // the bytes contradict the format, or the file is cut off
	ErrUnsupported = errors.New("unsupported")                    // legal HDF5 that this package does not read or write
	ErrRefused     = errors.New("refused")                        // leads outside the file, or declares far more data than it holds
	ErrNotFound    = errors.New("not found")                      // no such object or attribute
	ErrType        = errors.New("value is of another type")       // a float was asked of a string, a group was found in place of a dataset
	ErrPlan        = errors.New("cannot be written as specified") // a plan given to Write is inconsistent
)

// Error is the error type of this package. It names the file (if opened by name), the object inside the file, and the reason.
type Error struct {
	File   string // name given to Open; empty for NewReader and Write
	Path   string // absolute path of the object or, after "@", attribute; empty if the whole file is meant
	Reason string
	Kind   error // one of the Err values above
	Cause  error // an underlying error such as one of the reader's, or nil
}

// Error returns "hdf5: file: path: reason".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("hdf5: ")
	for _, s := range []string{e.File, e.Path} {
		if s != "" {
			b.WriteString(s + ": ")
		}
	}
	b.WriteString(e.Kind.Error())
	if e.Reason != "" {
		b.WriteString(": " + e.Reason)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

func fail(kind error, format string, a ...any) error {
	return &Error{Kind: kind, Reason: fmt.Sprintf(format, a...)}
}

func malformed(format string, a ...any) error { return fail(ErrFormat, format, a...) }

// locate completes an error with the file and path where it happened; the innermost path wins.
func (f *File) locate(path string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if !errors.As(err, &e) {
		return &Error{File: f.name, Path: path, Kind: ErrFormat, Cause: err}
	}
	if e.File == "" {
		e.File = f.name
	}
	if e.Path == "" {
		e.Path = path
	}
	return err
}
