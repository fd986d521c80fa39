package keras

import (
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// recoverShape turns a *tensor.ShapeError that was panicked with into an error.
func recoverShape(err *error) {
	if v := recover(); v != nil {
		e, ok := v.(*tensor.ShapeError)
		if !ok {
			panic(v)
		}
		*err = e
	}
}

// withoutPrefix takes the package's name off an error that gets it again.
func withoutPrefix(err error) error {
	if s := err.Error(); strings.HasPrefix(s, "keras: ") {
		return &trimmed{err, strings.TrimPrefix(s, "keras: ")}
	}
	return err
}

// trimmed is an error without the package's name, which the caller puts in front.
type trimmed struct {
	error
	msg string
}

func (t *trimmed) Error() string { return t.msg }
func (t *trimmed) Unwrap() error { return t.error }
