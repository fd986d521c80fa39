package spec_test

import (
	"fmt"
	"os"

	"github.com/kerasgo/kerasgo/spec"
)

// Scale multiplies its input by a number.
type Scale struct {
	Factor *float64 `keras:"factor,pos,default=2,min=0"`
	Mode   string   `keras:"mode,default=fast,enum=fast|exact"`
	Name   string   `keras:"name"`
}

func init() { spec.Register[Scale]("my_package", spec.OfKind("layer")) }

// A registered struct has its YAML and JSON forms, defaults and messages.
func Example() {
	n, errs := spec.Parse("model.yaml", []byte("Scale: 3"))
	v, more := spec.Decode(n, "layer")
	fmt.Println(spec.Format(v), append(errs, more...).Err())

	config, err := spec.Serialize(v)
	fmt.Println(string(spec.JSON(config, 0)), err)

	n, _ = spec.Parse("model.yaml", []byte("Scale: {factor: -1, mod: exact}"))
	_, errs = spec.Decode(n, "layer")
	if err := errs.Write(os.Stdout, spec.Report{Outcome: "nothing was trained"}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Scale(3.0) <nil>
	// {"module": "my_package", "class_name": "Scale", "config": {"name": "scale", "factor": 3.0, "mode": "fast"}, "registered_name": "my_package>Scale"} <nil>
	// model.yaml:1:17: error: factor wants at least 0, got -1 [range]
	//     1 | Scale: {factor: -1, mod: exact}
	//       |                 ^~
	//
	// model.yaml:1:21: error: Scale has no argument "mod" [unknown-argument]
	//     1 | Scale: {factor: -1, mod: exact}
	//       |                     ^~~
	//       = did you mean "mode"?   see: kerasgo help Scale
	//
	// 2 errors; nothing was trained
}
