package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Sentinels for errors.Is. Every *Error matches the sentinel of its code.
var (
	ErrSyntax          = errors.New("malformed text")
	ErrUnknownClass    = errors.New("unknown class")
	ErrUnknownArgument = errors.New("unknown argument")
	ErrMissing         = errors.New("missing argument")
	ErrType            = errors.New("wrong type")
	ErrRange           = errors.New("value out of range")
	ErrChoice          = errors.New("value not among the choices")
	ErrDuplicate       = errors.New("duplicate key")
	ErrUnsupported     = errors.New("not supported")
	ErrShape           = errors.New("shapes do not fit")
	ErrPath            = errors.New("no such path")
)

// The codes that stand in brackets at the end of a message, each with its sentinel.
const (
	CodeSyntax          = "syntax"
	CodeUnknownClass    = "unknown-class"
	CodeUnknownArgument = "unknown-argument"
	CodeMissing         = "missing-argument"
	CodeType            = "type"
	CodeRange           = "range"
	CodeChoice          = "choice"
	CodeDuplicate       = "duplicate-key"
	CodeUnsupported     = "unsupported"
	CodeShape           = "shape"
	CodePath            = "unknown-path"
)

var sentinels = map[string]error{
	CodeSyntax: ErrSyntax, CodeUnknownClass: ErrUnknownClass, CodeUnknownArgument: ErrUnknownArgument, CodeMissing: ErrMissing,
	CodeType: ErrType, CodeRange: ErrRange, CodeChoice: ErrChoice, CodeDuplicate: ErrDuplicate, CodeUnsupported: ErrUnsupported,
	CodeShape: ErrShape, CodePath: ErrPath,
}

// Error is one mistake in a description, with its place if it came from text.
type Error struct {
	Pos     Pos      // zero if the value came from Go code
	Code    string   // one of the Code constants
	Msg     string   // one sentence, without place and code
	Help    []string // lines shown after the source line
	Err     error    // cause, if any
	Warning bool     // worth saying, but no reason to stop
}

// Error returns the place, if known, the message and the suggestion, on one line.
func (e *Error) Error() string {
	s := e.Msg
	if e.Pos.IsValid() {
		s = e.Pos.String() + ": " + s
	}
	if len(e.Help) > 0 {
		s += " (" + strings.Join(e.Help, "; ") + ")"
	}
	return s
}

// Is reports whether target is the sentinel of the error's code.
func (e *Error) Is(target error) bool { return target != nil && sentinels[e.Code] == target }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors is a list of mistakes. Use Err to turn it into an error.
type Errors []*Error

// Err returns the list without its warnings, or nil if nothing is left.
func (es Errors) Err() error {
	var real Errors
	for _, e := range es {
		if !e.Warning {
			real = append(real, e)
		}
	}
	if len(real) == 0 {
		return nil
	}
	return real
}

// Error returns all messages, separated by "; " on one line or by newlines if they carry places.
func (es Errors) Error() string {
	parts := make([]string, len(es))
	sep := "; "
	for i, e := range es {
		parts[i] = e.Error()
		if e.Pos.IsValid() {
			sep = "\n"
		}
	}
	return strings.Join(parts, sep)
}

// Unwrap returns the single errors.
func (es Errors) Unwrap() []error {
	list := make([]error, len(es))
	for i, e := range es {
		list[i] = e
	}
	return list
}

func errorf(pos Pos, code, format string, args ...any) *Error {
	return &Error{Pos: pos, Code: code, Msg: fmt.Sprintf(format, args...)}
}

// help adds a help line and returns the error.
func (e *Error) help(format string, args ...any) *Error {
	e.Help = append(e.Help, fmt.Sprintf(format, args...))
	return e
}

// unknownClass makes the error for a name that no class of the kind has. bare says that it stood as a plain string, not as a key with arguments.
func unknownClass(pos Pos, kind, name string, bare bool) *Error {
	if reason, ok := Refused(kind, name); ok {
		return errorf(pos, CodeUnsupported, "%s %q is not supported: %s", kind, name, reason).help("see: kerasgo list %s", plural(kind))
	}
	e := errorf(pos, CodeUnknownClass, "unknown %s %q", kind, name)
	candidates := Names(kind)
	if kind == "layer" {
		candidates = append(candidates, Names("model")...)
	}
	guess := Suggest(name, candidates)
	see := "see: kerasgo list " + plural(kind)
	if kind == "model" {
		see = "a model is " + strings.Join(Names(kind), " or ")
	}
	switch call := asYAML(kind, name); {
	case call != "":
		e.help("write %s", call)
	case guess != "" && (bare && shortcutKinds[kind] || pos.Override()):
		e.help("did you mean %q?", guess)
	case guess != "":
		e.help("did you mean %q?   %s", guess, see)
	default:
		e.help("%s", see)
	}
	return e
}

var pythonCall = regexp.MustCompile(`^(?:\w+\.)*(\w+) ?(?:\((.*)\)|: ?(\S+)| (\S.*))$`)

// asYAML tells how a call as in Python, or a class and its argument without a colon, is written, or "" if name is none of these.
func asYAML(kind, name string) string {
	m := pythonCall.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	class := m[1]
	c, ok := Lookup(kind, class)
	if !ok {
		if c, ok = resolveClass(kind, class); ok && c != nil {
			class = c.Name
		}
	}
	arg := m[2] + m[3] + m[4]
	switch {
	case !ok || c == nil:
		return ""
	case arg == "":
		return class
	case strings.ContainsAny(arg, "=,:"):
		return class + ": {argument: value}"
	}
	return class + ": " + arg
}

// shortcutKinds are the kinds whose objects are usually given as a plain string.
var shortcutKinds = map[string]bool{
	"optimizer": true, "loss": true, "metric": true, "initializer": true, "regularizer": true, "constraint": true, "activation": true,
}
