package summary_test

import (
	"log"
	"os"

	"github.com/kerasgo/kerasgo/internal/summary"
)

func ExampleWrite() {
	err := summary.Write(os.Stdout, summary.Model{
		Name: "sequential",
		Rows: []summary.Row{
			{Name: "dense", Class: "Dense", Shape: "(None, 128)", Params: 100480, Trainable: "Y"},
			{Name: "dense_1", Class: "Dense", Shape: "(None, 10)", Params: 1290, Trainable: "Y"},
		},
		Trainable: summary.Count{Params: 101770, Bytes: 4 * 101770},
	}, summary.Options{LineLength: 50})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Model: "sequential"
	// ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
	// ┃ Layer (type)        ┃ Output Shape   ┃ Param # ┃
	// ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
	// │ dense (Dense)       │ (None, 128)    │ 100,480 │
	// ├─────────────────────┼────────────────┼─────────┤
	// │ dense_1 (Dense)     │ (None, 10)     │   1,290 │
	// └─────────────────────┴────────────────┴─────────┘
	//  Total params: 101,770 (397.54 KB)
	//  Trainable params: 101,770 (397.54 KB)
	//  Non-trainable params: 0 (0.00 B)
}
