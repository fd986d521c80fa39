package kerasfile_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// A model is written as a .keras archive and read back.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model.keras")

	w := &kerasfile.Weights{}
	w.Add("layers/dense", "dense",
		kerasfile.Float32s("0", []int{2, 2}, []float32{1, 2, 3, 4}),
		kerasfile.Float32s("1", []int{2}, []float32{5, 6}))
	w.Add("layers/dropout", "dropout")
	w.Add("optimizer", "sgd", kerasfile.Int64s("0", nil, []int64{100}))
	err = kerasfile.WriteArchive(path, &kerasfile.Model{KerasVersion: "3.15.1", Config: []byte(`{"class_name": "Sequential"}`), Weights: w})
	if err != nil {
		fmt.Println(err)
		return
	}

	format, err := kerasfile.DetectFile(path)
	fmt.Println(format, err)
	a, err := kerasfile.OpenArchive(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer a.Close()
	if w, err = a.Weights(); err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range w.Groups {
		fmt.Printf("%s (%s)\n", g.Path, g.Name)
		for _, v := range g.Vars {
			fmt.Println(" ", v.Name, v.DType, v.Shape)
		}
	}
	bias, err := w.Group("layers/dense").Vars[1].Float32s()
	fmt.Println(bias, err)
	// Output:
	// Keras archive <nil>
	// layers/dense (dense)
	//   0 float32 [2 2]
	//   1 float32 [2]
	// layers/dropout (dropout)
	// optimizer (sgd)
	//   0 int64 []
	// [5 6] <nil>
}
