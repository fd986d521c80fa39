package progbar

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Mode is the way progress is written.
type Mode int

const (
	// Dynamic rewrites one line in place, with colours: Keras's verbose=1.
	Dynamic Mode = iota
	// Static is Dynamic with every refresh on a line of its own: Keras's verbose=1 where it can't move the cursor.
	// Colours are still written, as Keras does.
	Static
	// Line writes one plain line when an epoch ends: Keras's verbose=2. It holds no control characters but the newline.
	Line
	// Silent writes nothing: Keras's verbose=0.
	Silent
)

// Auto is the mode for verbose "auto" or 1 on w: Dynamic when w is a terminal or the program runs in a GoNB notebook
// (GONB_PIPE is set), Line otherwise, so that redirected output stays readable.
func Auto(w io.Writer) Mode {
	if os.Getenv("GONB_PIPE") != "" {
		return Dynamic
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return Dynamic
	}
	return Line
}
