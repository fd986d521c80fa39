package main

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/mnist"
)

func isPicture(ext string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".bmp"}, ext)
}

// read returns the inputs as arrays.
func (p *predictor) read(m *keras.Model, kind string, inputs []string) (any, error) {
	switch {
	case isPicture(kind):
		return p.pictures(m, inputs)
	case kind == ".csv":
		if len(inputs) > 1 {
			return nil, usagef("one table at a time")
		}
		return p.table(m, inputs[0])
	}
	var list []*tensor.Tensor
	for _, in := range inputs {
		t, err := data.ReadArray(in)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

// table reads the columns that the model wants.
func (p *predictor) table(m *keras.Model, file string) (any, error) {
	source, known := p.source.(data.CSV)
	in, names := m.Inputs(), m.InputNames()
	columns := func(of func(i int) string, list []string) { // of a type that x is not read as anyway
		source.DTypes = map[string]string{}
		for i, c := range list {
			if t := of(i); slices.Contains([]string{"string", "int32", "int64"}, t) {
				source.DTypes[c] = t
			}
		}
	}
	switch {
	case len(in) == 0:
		return data.ReadTable(file)
	case p.columns != nil && len(in) > 1:
		return nil, usagef("the model has %d inputs, which take the columns of their names; --columns is for one", len(in))
	case p.columns != nil:
		source = data.CSV{Path: file, Features: p.columns}
		columns(func(int) string { return in[0].DType().String() }, p.columns)
	case known && source.Features != nil:
	case len(in) > 1:
		source = data.CSV{Path: file, ByColumn: true, Features: names}
		columns(func(i int) string { return in[i].DType().String() }, names)
	case in[0].DType() == tensor.String:
		return nil, usagef("the model reads words; say from which column of the table: --columns NAME")
	default:
		return data.ReadTable(file)
	}
	return source.ReadFeatures(file)
}

// pictures reads pictures in the form that the model's input wants.
func (p *predictor) pictures(m *keras.Model, files []string) (*tensor.Tensor, error) {
	shapes := m.InputShapes()
	if len(shapes) != 1 {
		return nil, usagef("pictures need a model with one input; this one has %d", len(shapes))
	}
	shape := shapes[0].Clone()
	shape[0] = len(files)
	digits := shape[1:].Size() == 28*28
	if !digits && (len(shape) != 4 || shape[1] < 1 || shape[2] < 1 || !slices.Contains([]int{1, 3, 4}, shape[3])) {
		return nil, usagef("the model's input %v is no picture (height, width, 1, 3 or 4 channels)", shapes[0])
	}
	x := tensor.New(tensor.Float32, shape...)
	size := shape[1:].Size()
	for i, file := range files {
		img, err := data.ReadImage(file)
		if err != nil {
			return nil, err
		}
		dst := x.Float32s()[i*size : (i+1)*size]
		if digits {
			n := mnist.Normalizer{}
			if p.invert {
				n.Ink = mnist.LightInk
			}
			copy(dst, n.Normalize(img).Float32s())
			if !slices.ContainsFunc(dst, func(v float32) bool { return v > 0 }) {
				what := "no writing was found in it"
				if p.invert {
					what += " that is light on a dark ground; leave out --invert"
				}
				p.note("%s: %s", file, what)
			}
			continue
		}
		data.Pixels(img, shape[1], shape[2], shape[3], dst)
		if p.invert {
			for k := range dst {
				dst[k] = 255 - dst[k]
			}
		}
	}
	return x, nil
}
