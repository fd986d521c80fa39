package hdf5_test

import (
	"bytes"
	"fmt"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// A file is planned as a tree, written as one stream, and read by path.
func Example() {
	root := hdf5.NewGroupPlan()
	vars := root.Group("layers/dense/vars")
	vars.SetAttr("name", hdf5.Text("dense"))
	vars.Add("0", &hdf5.DatasetPlan{Type: hdf5.Uint8, Shape: []int{2, 2}, Data: []byte{1, 2, 3, 4}})
	var b bytes.Buffer
	if err := hdf5.Write(&b, root); err != nil {
		fmt.Println(err)
		return
	}

	f, err := hdf5.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := f.Root().Dataset("layers/dense/vars/0")
	if err != nil {
		fmt.Println(err)
		return
	}
	values, err := d.Float32s()
	fmt.Println(d.Path(), d.Shape(), d.DType(), values, err)
	_, err = f.Root().Dataset("layers/dense/vars/1")
	fmt.Println(err)
	// Output:
	// /layers/dense/vars/0 [2 2] uint8 [1 2 3 4] <nil>
	// hdf5: /layers/dense/vars/1: not found: no such object
}
