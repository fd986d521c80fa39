package data

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// table is a CSV file in memory.
type table struct {
	file  string
	names []string
	rows  [][]string
	lines []int // of the rows in the file
}

// read reads the lines.
func (d CSV) read(file string) (*table, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := bufio.NewReader(f)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" { // as spreadsheets write it
		_, _ = text.Discard(3)
	}
	r := csv.NewReader(text)
	if d.Delimiter != "" {
		r.Comma, _ = utf8.DecodeRuneInString(d.Delimiter)
	}
	r.TrimLeadingSpace = r.Comma != '\t' && r.Comma != ' '
	t := &table{file: file}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if errors.Is(err, csv.ErrFieldCount) {
			return nil, fmt.Errorf("%s:%d: %d columns, the first line has %d", file, line, len(row), r.FieldsPerRecord)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if t.names == nil {
			if t.names = slices.Clone(row); *d.Header {
				for i, n := range t.names {
					t.names[i] = strings.TrimSpace(n)
				}
				continue
			}
			for i := range row {
				t.names[i] = strconv.Itoa(i)
			}
		}
		t.rows, t.lines = append(t.rows, row), append(t.lines, line)
	}
	if len(t.rows) == 0 {
		return nil, fmt.Errorf("%s holds no lines of data", file)
	}
	return t, nil
}

// ReadTable reads a CSV file of numbers, columns separated by commas, as float32
// (lines, columns). A first line that is not all numbers names the columns.
func ReadTable(path string) (*tensor.Tensor, error) {
	t, err := CSV{Header: new(false)}.read(path)
	if err != nil {
		return nil, err
	}
	columns := make([]int, len(t.names))
	for i := range columns {
		columns[i] = i
	}
	for _, v := range t.rows[0] {
		if _, err := strconv.ParseFloat(strings.TrimSpace(v), 32); err != nil && len(t.rows) > 1 {
			t.names, t.rows, t.lines = t.rows[0], t.rows[1:], t.lines[1:]
			break
		}
	}
	return t.numbers(columns)
}

// find returns the numbers of columns.
func (t *table) find(names []string) (list []int, err error) {
	for _, n := range names {
		i := slices.Index(t.names, n)
		if i < 0 {
			hint := "it has " + strings.Join(t.names, ", ")
			if s := spec.Suggest(n, t.names); s != "" {
				hint = fmt.Sprintf("did you mean %q?", s)
			}
			return nil, fmt.Errorf("%s has no column %q; %s", t.file, n, hint)
		}
		list = append(list, i)
	}
	return list, nil
}

// numbers reads columns as float32 (n, columns).
func (t *table) numbers(columns []int) (*tensor.Tensor, error) {
	out := tensor.New(tensor.Float32, len(t.rows), len(columns))
	for i, row := range t.rows {
		for k, c := range columns {
			v, err := strconv.ParseFloat(strings.TrimSpace(row[c]), 32)
			if err != nil && !errors.Is(err, strconv.ErrRange) {
				return nil, fmt.Errorf("%s:%d: column %s: %q is no number", t.file, t.lines[i], t.names[c], row[c])
			}
			out.Float32s()[i*len(columns)+k] = float32(v)
		}
	}
	return out, nil
}
