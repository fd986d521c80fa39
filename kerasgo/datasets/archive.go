package datasets

import (
	"fmt"
	"io"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
	"github.com/kerasgo/kerasgo/io/pickle"
)

// array reads an array of an archive. Its first axis must have n samples, or any number
// if n is negative.
func array(content []byte, name string, n int) (*tensor.Tensor, error) {
	r, size := reader(content)
	t, err := npy.ReadZipMember(r, size, name)
	if err != nil {
		return nil, err
	}
	if t.Shape().Rank() == 0 || n >= 0 && t.Len() != n || t.DType() == tensor.String {
		return nil, fmt.Errorf("array %s has shape %v", name, t.Shape())
	}
	return t, nil
}

// maxTokens is how many numbers the lists of a file may have together; a list may stand
// in a file once and in the array many times.
const maxTokens = 1 << 27

// lists reads an array of lists of integers.
func lists(content []byte, name string) ([][]int, error) {
	var v any
	r, size := reader(content)
	if _, err := npy.ReadZipObjects(r, size, name, func(r io.Reader) (err error) {
		v, err = pickle.Read(r)
		return err
	}); err != nil {
		return nil, err
	}
	a, ok := v.(*pickle.Array)
	if !ok || len(a.Shape) != 1 || a.DType != "|O" {
		return nil, fmt.Errorf("array %s is no row of lists", name)
	}
	out := make([][]int, len(a.Objects))
	total := 0
	for i, o := range a.Objects {
		l, ok := o.(*pickle.List)
		if !ok {
			return nil, fmt.Errorf("array %s: sample %d is no list", name, i)
		}
		if total += len(l.Items); total > maxTokens {
			return nil, fmt.Errorf("array %s has more than %d numbers", name, maxTokens)
		}
		out[i] = make([]int, len(l.Items))
		for k, item := range l.Items {
			n, ok := item.(int64)
			if !ok {
				return nil, fmt.Errorf("array %s: sample %d holds what is no integer", name, i)
			}
			out[i][k] = int(n)
		}
	}
	return out, nil
}
