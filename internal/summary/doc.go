// Package summary knows no model: it renders the table of Keras 3's Model.summary, byte for byte, from plain data.
//
// Keras leaves the drawing to rich (Python). The parts of rich's layout that show in the table are here: the widths
// of columns (widths.go), words wrapped at spaces and cut with an ellipsis (text.go), and the box (table.go).
//
// One thing differs on purpose: a table wider than the terminal is written in full, while Keras crops it, because an
// explicit line length should hold in files and pipes too.
//
// Every character is taken to be one column wide.
package summary
