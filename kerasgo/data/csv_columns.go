package data

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// column is an array of features: one column by its name, or all of them without one.
type column struct {
	name string
	t    *tensor.Tensor
}

// dtype returns the type of a column of features.
func (d CSV) dtype(name string) string {
	if t, ok := d.DTypes[name]; ok {
		return t
	}
	return "float32"
}

// features reads the columns of x: together if they have one type, else each by itself.
func (d CSV) features(t *table, columns []int) ([]column, error) {
	types := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(d.DTypes)) {
		i := slices.Index(t.names, name)
		if i < 0 || !slices.Contains(columns, i) {
			return nil, fmt.Errorf("%s: dtypes: %q is no column of x", t.file, name)
		}
	}
	for _, c := range columns {
		types[d.dtype(t.names[c])] = true
	}
	if len(types) == 1 && !d.ByColumn {
		x, err := t.read(columns, d.dtype(t.names[columns[0]]))
		return []column{{"", x}}, err
	}
	var list []column
	for _, c := range columns {
		x, err := t.read([]int{c}, d.dtype(t.names[c]))
		if err != nil {
			return nil, err
		}
		list = append(list, column{t.names[c], x})
	}
	return list, nil
}

// read reads columns as (n, columns) of a type.
func (t *table) read(columns []int, dtype string) (*tensor.Tensor, error) {
	switch dtype {
	case "float32":
		return t.numbers(columns)
	case "string":
		var words []string
		for _, row := range t.rows {
			for _, c := range columns {
				words = append(words, row[c])
			}
		}
		return tensor.From(words, len(t.rows), len(columns)), nil
	}
	var list []int64
	bits := 64
	if dtype == "int32" {
		bits = 32
	}
	for i, row := range t.rows {
		for _, c := range columns {
			v, err := strconv.ParseInt(strings.TrimSpace(row[c]), 10, bits)
			if errors.Is(err, strconv.ErrRange) {
				return nil, fmt.Errorf("%s:%d: column %s: %s does not fit into %s", t.file, t.lines[i], t.names[c], row[c], dtype)
			}
			if err != nil {
				return nil, fmt.Errorf("%s:%d: column %s: %q is no whole number", t.file, t.lines[i], t.names[c], row[c])
			}
			list = append(list, v)
		}
	}
	x := tensor.From(list, len(t.rows), len(columns))
	if dtype == "int32" {
		return x.Cast(tensor.Int32), nil
	}
	return x, nil
}

// targetColumns reads every target by itself.
func (d CSV) targetColumns(t *table, columns []int) ([]column, error) {
	var list []column
	for _, c := range columns {
		y, _, err := d.targets(t, []int{c})
		if err != nil {
			return nil, err
		}
		list = append(list, column{t.names[c], y})
	}
	return list, nil
}

// ReadFeatures reads the columns of x, and nothing else, from another table of the same
// make: one array, or one for every column by its name, as Load yields them. Features
// must be listed; the table may have further columns.
func (d CSV) ReadFeatures(file string) (any, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	if len(d.Features) == 0 {
		return nil, errors.New("CSV: the features are not listed")
	}
	t, err := d.read(file)
	if err != nil {
		return nil, err
	}
	columns, err := t.find(d.Features)
	if err != nil {
		return nil, err
	}
	list, err := d.features(t, columns)
	if err != nil {
		return nil, err
	}
	if list[0].name == "" {
		return list[0].t, nil
	}
	x := map[string]*tensor.Tensor{}
	for _, c := range list {
		x[c.name] = c.t
	}
	return x, nil
}

// byColumn hands every split its part of the columns.
func (s *Splits) byColumn(list []column, set func(*Split, map[string]*tensor.Tensor)) {
	at, n := 0, list[0].t.Len()
	parts := []*Split{s.Train, s.Validation, s.Test}
	for _, p := range parts {
		if p == nil {
			continue
		}
		k := p.Len()
		part := map[string]*tensor.Tensor{}
		for _, c := range list {
			part[c.name] = c.t.Slice(at, min(at+k, n))
		}
		set(p, part)
		at += k
	}
}
