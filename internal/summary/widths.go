package summary

import (
	"fmt"
	"math"
)

type justify int

const (
	left justify = iota
	right
	center
)

// column is one column of the table; end is the fraction of the line length at which it ends.
type column struct {
	title   string
	justify justify
	end     float64
}

// columns returns the columns of a table.
func columns(graph, trainable bool) []column {
	cols := []column{{"Layer (type)", left, 0.45}, {"Output Shape", left, 0.80}, {"Param #", right, 1}}
	if graph {
		cols = []column{
			{"Layer (type)", left, 0.3}, {"Output Shape", left, 0.56}, {"Param #", right, 0.74}, {"Connected to", left, 1},
		}
	}
	if trainable {
		for i := range cols {
			cols[i].end *= 0.9
		}
		cols = append(cols, column{"Trainable", center, 1})
	}
	return cols
}

// defaultLength is Keras's line length on a terminal that is wide enough.
func defaultLength(graph, trainable bool) int {
	length := 88
	if graph {
		length = 108
	}
	if trainable {
		length += 12
	}
	return length
}

// columnWidths returns how many characters each column has between its two spaces of padding.
//
// Keras asks for columns that together, without padding and borders, are as wide as the line, so rich always has to
// shrink them: it takes the excess from the columns as evenly as whole numbers allow, from left to right.
func columnWidths(cols []column, length int) ([]int, error) {
	widths := make([]int, len(cols)) // with padding
	sum, end := 0, 0
	for i, c := range cols {
		w := int(c.end*float64(length)) - end
		if w < 4 {
			return nil, fmt.Errorf("summary: a line length of %d is too small for %d columns", length, len(cols))
		}
		end += w
		widths[i] = w + 2
		sum += widths[i]
	}
	excess := sum - (length - (len(cols) + 1))
	for i := range widths {
		take := int(math.RoundToEven(float64(excess) / float64(len(widths)-i)))
		take = min(take, widths[i])
		widths[i] -= take
		excess -= take
	}
	for i := range widths {
		widths[i] = max(0, widths[i]-2)
	}
	return widths, nil
}
