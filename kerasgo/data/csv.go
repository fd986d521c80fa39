package data

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// CSV reads a table, one sample per line: x is float32 (n, features), or with by_column
// one array (n, 1) for every feature, by the column's name, for models with an input
// for each. Features are numbers unless dtypes says otherwise: string is for words,
// which an InputLayer with dtype string takes, int64 for whole numbers of any size.
//
// y is float32 (n) for one target and (n, targets) for several. One target whose
// values are words, or that is listed in classes, becomes class numbers (n), or
// rows with a one. With targets_by_column y is one array (n) for every target, by the
// column's name, for models with an output for each; words become class numbers there
// too, in the order of the alphabet.
//
// Columns are named by the first line; without a header they are called 0, 1, ….
type CSV struct {
	Path            string            `keras:"path,pos,required"`            // the file
	Target          []string          `keras:"target"`                       // columns to be predicted; the last one if left out
	Features        []string          `keras:"features"`                     // columns of x; all but the targets if left out
	DTypes          map[string]string `keras:"dtypes"`                       // types of columns that are not float32: string, int64 or int32; several types make by_column true
	ByColumn        bool              `keras:"by_column"`                    // x by column
	TargetsByColumn bool              `keras:"targets_by_column"`            // one array of y for every target, by the name of its column
	Header          *bool             `keras:"header,default=true"`          // the first line names the columns
	Delimiter       string            `keras:"delimiter"`                    // the character between columns; a comma if left out
	Classes         []string          `keras:"classes"`                      // names of the classes in the order of their numbers; sorted if left out
	OneHot          bool              `keras:"one_hot"`                      // classes as rows with a one instead of numbers
	ValidationSplit float64           `keras:"validation_split,min=0,max=1"` // share of the lines for the split validation
	TestSplit       float64           `keras:"test_split,min=0,max=1"`       // share of the lines for the split test
	Shuffle         *bool             `keras:"shuffle,default=true"`         // mix the lines before they are split
	Seed            int               `keras:"seed,default=0"`               // of that mixing
}

func init() { spec.Register[CSV](module) }

// Load reads and splits the file.
func (d CSV) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	t, err := d.read(locate(base, d.Path))
	if err != nil {
		return nil, err
	}
	targets, features, err := d.columns(t)
	if err != nil {
		return nil, err
	}
	x, err := d.features(t, features)
	if err != nil {
		return nil, err
	}
	var y *tensor.Tensor
	var ys []column
	var classes []string
	if d.TargetsByColumn {
		ys, err = d.targetColumns(t, targets)
	} else {
		y, classes, err = d.targets(t, targets)
	}
	if err != nil {
		return nil, err
	}
	if d.ValidationSplit > 0 || d.TestSplit > 0 {
		if *d.Shuffle {
			order := shuffled(len(t.rows), d.Seed)
			if y != nil {
				y = take(y, order)
			}
			for _, list := range [][]column{x, ys} {
				for i := range list {
					list[i].t = take(list[i].t, order)
				}
			}
		}
	}
	s, err := divide(x[0].t, y, d.ValidationSplit, d.TestSplit)
	if err != nil {
		return nil, err
	}
	if x[0].name != "" {
		s.byColumn(x, func(p *Split, x map[string]*tensor.Tensor) { p.X = x })
	}
	if ys != nil {
		s.byColumn(ys, func(p *Split, y map[string]*tensor.Tensor) { p.Y = y })
	}
	s.Classes = classes
	return s, nil
}

// columns returns the numbers of the target and feature columns.
func (d CSV) columns(t *table) (targets, features []int, err error) {
	if targets, err = t.find(d.Target); err != nil {
		return nil, nil, err
	}
	if d.Target == nil {
		targets = []int{len(t.names) - 1}
	}
	if features, err = t.find(d.Features); err != nil {
		return nil, nil, err
	}
	if d.Features == nil {
		for i := range t.names {
			if !slices.Contains(targets, i) {
				features = append(features, i)
			}
		}
	}
	if len(features) == 0 {
		return nil, nil, fmt.Errorf("%s: no column is left for x", t.file)
	}
	return targets, features, nil
}

// targets reads y, and the names of the classes if it has any.
func (d CSV) targets(t *table, columns []int) (*tensor.Tensor, []string, error) {
	y, err := t.numbers(columns)
	if len(columns) > 1 || err == nil && d.Classes == nil && !d.OneHot {
		if err == nil && len(columns) == 1 {
			y = y.Reshape(len(t.rows))
		}
		return y, nil, err
	}
	classes, names := d.Classes, []string{}
	for _, row := range t.rows {
		names = append(names, strings.TrimSpace(row[columns[0]]))
	}
	if classes == nil {
		classes = slices.Compact(slices.Sorted(slices.Values(names)))
	}
	labels := make([]int32, len(names))
	for i, n := range names {
		k := slices.Index(classes, n)
		if k < 0 {
			return nil, nil, fmt.Errorf("%s:%d: column %s: %q is not among the classes", t.file, t.lines[i], t.names[columns[0]], n)
		}
		labels[i] = int32(k)
	}
	y = tensor.From(labels)
	if d.OneHot {
		y, err = oneHot(y, len(classes))
	} else {
		err = nil
	}
	return y, classes, err
}

// Check reports a delimiter that can't be one.
func (d CSV) Check() error {
	if utf8.RuneCountInString(d.Delimiter) > 1 || strings.ContainsAny(d.Delimiter, "\"\r\n\ufffd") {
		return fmt.Errorf("delimiter: %q is not one character that can stand between columns", d.Delimiter)
	}
	if d.TargetsByColumn && (d.Classes != nil || d.OneHot) {
		return errors.New("targets_by_column: classes and one_hot are for a single target")
	}
	for _, name := range slices.Sorted(maps.Keys(d.DTypes)) {
		if t := d.DTypes[name]; !slices.Contains([]string{"float32", "int32", "int64", "string"}, t) {
			return fmt.Errorf("dtypes: column %s: %q is none of float32, int32, int64, string", name, t)
		}
		if d.Features != nil && !slices.Contains(d.Features, name) {
			return fmt.Errorf("dtypes: column %s is not among the features", name)
		}
	}
	return leavesSome(d.ValidationSplit, d.TestSplit)
}

// Outline tells what follows from the arguments.
func (d CSV) Outline() Outline {
	o := Outline{Classes: len(d.Classes), Parts: Parts{Train: Some, Validation: part(d.ValidationSplit), Test: part(d.TestSplit)}}
	if d.Features != nil && !d.ByColumn {
		types := map[string]bool{}
		for _, name := range d.Features {
			types[d.dtype(name)] = true
		}
		if len(types) == 1 {
			o.X, o.Strings = tensor.Shape{tensor.Unknown, len(d.Features)}, types["string"]
		}
	}
	switch {
	case d.TargetsByColumn:
	case d.Classes != nil && d.OneHot:
		o.Y = tensor.Shape{tensor.Unknown, len(d.Classes)}
	case d.Classes != nil:
		o.Y = tensor.Shape{tensor.Unknown}
	case len(d.Target) > 1:
		o.Y = tensor.Shape{tensor.Unknown, len(d.Target)}
	}
	return o
}

var (
	_ Source   = CSV{}
	_ Outliner = CSV{}
	_ Checker  = CSV{}
)
