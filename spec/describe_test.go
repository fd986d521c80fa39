package spec

import (
	"errors"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	for _, tt := range []struct {
		kind, class, field, want string
	}{
		{"layer", "Dense", "units", "an integer, at least 1, required"},
		{"layer", "Dense", "use_bias", "true or false, default true"},
		{"layer", "Dense", "kernel_initializer", "an initializer, default glorot_uniform"},
		{"layer", "MaxPooling2D", "strides", "an integer or a list of 2, at least 1, default: the value of pool_size"},
		{"layer", "MaxPooling2D", "padding", `"valid" or "same", default valid`},
		{"layer", "Dropout", "rate", "a number, from 0 to 1, required"},
		{"layer", "BatchNormalization", "axis", "an integer or a list of integers, default -1"},
		{"layer", "ZeroPadding2D", "padding", "a list of 2, at least 0, default [[1, 1], [1, 1]]"},
		{"optimizer", "Adam", "learning_rate", "a number or a schedule, default 0.001"},
		{"optimizer", "Adam", "epsilon", "a number, default 1e-07"},
	} {
		c, ok := Lookup(tt.kind, tt.class)
		if !ok {
			t.Fatal(tt)
		}
		f, ok := c.Field(tt.field)
		if !ok {
			t.Fatal(tt)
		}
		if got := f.Describe(); got != tt.want {
			t.Errorf("%s.%s: got %s, want %s", tt.class, tt.field, got, tt.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for want, v := range map[string]any{
		"Dropout(0.5)": Dropout{Rate: 0.5},
		`Dense(3, activation="relu", kernel_regularizer=keras.regularizers.L2(0.1))`: &Dense{Units: 3, Activation: "relu", KernelRegularizer: L2{new(0.1)}},
		`Dropout`: Dropout{Rate: 2}, // invalid: its class must do
		"3":       3,
	} {
		if got := Format(v); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	names := []string{"kernel_size", "filters", "padding", "strides", "units", "Conv2D", "Conv1D", "mse", "MSE", "accuracy"}
	for name, want := range map[string]string{
		"kernal_size": "kernel_size", "KernelSize": "kernel_size", "kernelsize": "kernel_size", "nb_filter": "filters", "border_mode": "padding", "fliters": "filters",
		"Conv3D": "", // two at the same distance
		"Conv2d": "Conv2D", "Convolution2D": "Conv2D", "msse": "mse", "acc": "accuracy", "x": "", "ab": "", "lr": "", "unit": "units", "output_dim": "units",
	} {
		if got := Suggest(name, names); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestSetAt(t *testing.T) {
	root := mustParse(t, overridable+"sweep:\n  compile.optimizer.learning_rate: [1e-3, 3e-4]\n  'fit.epoch': [1]\n  fit..x: [1]\n")
	pairs := root.Get("sweep").Pairs
	if _, es := root.SetAt(pairs[0].Key, pairs[0].Val.Items[1]); len(es) > 0 {
		t.Fatal(es)
	}
	if got, _ := root.Get("compile").Get("optimizer").Get("Adam").Get("learning_rate").Float(); got != 3e-4 {
		t.Errorf("learning_rate is %v", got)
	}
	if _, es := root.SetAt(pairs[1].Key, pairs[1].Val.Items[0]); len(es) > 0 {
		t.Fatal(es)
	}
	es := document(root)
	_, e := root.SetAt(pairs[2].Key, pairs[2].Val.Items[0])
	es = append(es, e...)
	var b strings.Builder
	if err := es.Write(&b, Report{}); err != nil {
		t.Fatal(err)
	}
	const want = `x.yaml:16:8: error: fit has no argument "epoch" [unknown-argument]
   16 |   'fit.epoch': [1]
      |        ^~~~~
      = did you mean "epochs"?

x.yaml:17:7: error: a key is missing here [unknown-path]
   17 |   fit..x: [1]
      |       ^

2 errors
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	checkPlaces(t, es)
}

func TestReports(t *testing.T) {
	_, es := Parse("a,b.yaml", []byte("x: 1\nx: 2\n"))
	root, _ := Parse("a.yaml", []byte(""))
	if _, e := root.Set("--set[0]", "a["); len(e) > 0 {
		es = append(es, e...)
	}
	es = append(es, &Error{Code: CodeChoice, Msg: "100% odd\nline", Warning: true})
	for format, want := range map[string]string{
		"github": "::error file=a%2Cb.yaml,line=2,col=1,endColumn=2,title=duplicate-key::\"x\" is given twice%0Athe first one is in line 1\n" +
			"::warning title=choice::100%25 odd%0Aline\n" +
			"::error title=syntax::--set[0]: an override reads path=value\n",
		"json": `[
  {
    "file": "a,b.yaml",
    "line": 2,
    "column": 1,
    "endColumn": 2,
    "severity": "error",
    "code": "duplicate-key",
    "message": "\"x\" is given twice",
    "help": [
      "the first one is in line 1"
    ]
  },
  {
    "severity": "warning",
    "code": "choice",
    "message": "100% odd\nline",
    "help": []
  },
  {
    "file": "--set[0]",
    "line": 1,
    "column": 1,
    "endColumn": 3,
    "severity": "error",
    "code": "syntax",
    "message": "an override reads path=value",
    "help": []
  }
]
`,
	} {
		var b strings.Builder
		if err := es.Write(&b, Report{Format: format}); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%s: got\n%s", format, b.String())
		}
	}
	var b strings.Builder
	if err := es.Write(&b, Report{Color: true, Outcome: "nothing was trained"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[1;33mwarning:\x1b[0m 100% odd\ufffdline [choice]\n", "\x1b[1ma,b.yaml:2:1:\x1b[0m \x1b[1;31merror:\x1b[0m", "\n2 errors, 1 warning; nothing was trained\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%q", want, b.String())
		}
	}
	if err := es.Write(&b, Report{Format: "xml"}); err == nil {
		t.Error("format xml is accepted")
	}
	if err := es.Err(); !errors.Is(err, ErrDuplicate) || errors.Is(err, ErrChoice) {
		t.Errorf("Err gives %v", err)
	}
}
