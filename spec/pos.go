package spec

import "fmt"

// Pos is a place in a text: a file or the argument of an option. Lines and columns count from 1, columns in characters.
type Pos struct {
	Line, Col int
	Width     int // number of characters to underline; at least 1

	src *source
}

// source is a text that positions refer to.
type source struct {
	name     string // file name, or "--set[2]"
	lines    []string
	override bool // the text is the argument of an option: one line, no line numbers shown
}

// IsValid reports whether the position is known.
func (p Pos) IsValid() bool { return p.src != nil && p.Line > 0 }

// File returns the name of the text: a file name, or an option such as "--set[2]".
func (p Pos) File() string {
	if p.src == nil {
		return ""
	}
	return p.src.name
}

// Override reports whether the position lies in a command-line option.
func (p Pos) Override() bool { return p.src != nil && p.src.override }

// String returns file:line:col, or the option alone for an override.
func (p Pos) String() string {
	switch {
	case !p.IsValid():
		return "-"
	case p.src.override:
		return p.src.name
	}
	return fmt.Sprintf("%s:%d:%d", p.src.name, p.Line, p.Col)
}
