package spec

import (
	"strings"
	"testing"
)

const overridable = `
model:
  Sequential:
    - Conv2D: {filters: 32, kernel_size: [5, 5], name: first}
    - Conv2D: {filters: 32, kernel_size: [5, 5]}
    - Conv2D: {filters: 64, kernel_size: [5, 5]}
    - Flatten
    - Dense: 10
compile:
  optimizer: {Adam: {learning_rate: 1e-3}}
  loss: mse
fit:
  epochs: 10
`

func TestSet(t *testing.T) {
	for _, tt := range []struct {
		set, unset string
		where      string // keys and indices to the part that is compared
		want, note string
	}{
		{set: "fit.epochs=3", where: "fit", want: `{"epochs": 3}`},
		{set: "fit.batch_size=64", where: "fit", want: `{"epochs": 10, "batch_size": 64}`},
		{set: "run.dir=x", where: "run", want: `{"dir": "x"}`},
		{set: "compile.optimizer.learning_rate=3e-4", where: "compile", want: `{"optimizer": {"Adam": {"learning_rate": 0.0003}}, "loss": "mse"}`},
		{set: "compile.optimizer=sgd", where: "compile", want: `{"optimizer": "sgd", "loss": "mse"}`,
			note: "--set[0]: compile.optimizer is now SGD; dropped from Adam: learning_rate"},
		{set: "compile.loss.name=x", where: "compile", want: `{"optimizer": {"Adam": {"learning_rate": 0.001}}, "loss": {"mse": {"name": "x"}}}`},
		{set: "model[2].filters=48", where: "model.2", want: `{"Conv2D": {"filters": 48, "kernel_size": [5, 5]}}`},
		{set: "model.Sequential[2].Conv2D.filters=48", where: "model.2", want: `{"Conv2D": {"filters": 48, "kernel_size": [5, 5]}}`},
		{set: "model.conv2d_1.filters=48", where: "model.2", want: `{"Conv2D": {"filters": 48, "kernel_size": [5, 5]}}`},
		{set: "model.conv2d.filters=48", where: "model.1", want: `{"Conv2D": {"filters": 48, "kernel_size": [5, 5]}}`},
		{set: "model.first.kernel_size=[3,3]", where: "model.0", want: `{"Conv2D": {"filters": 32, "kernel_size": [3, 3], "name": "first"}}`},
		{set: "model.first.kernel_size[1]=3", where: "model.0", want: `{"Conv2D": {"filters": 32, "kernel_size": [5, 3], "name": "first"}}`},
		{set: "model.dense.activation=relu", where: "model.4", want: `{"Dense": {"units": 10, "activation": "relu"}}`},
		{set: "model.flatten.name=f", where: "model.3", want: `{"Flatten": {"name": "f"}}`},
		{set: "model[4]={Dropout: 0.5}", where: "model.4", want: `{"Dropout": 0.5}`, note: "--set[0]: model[4] is now Dropout; dropped from Dense: its argument"},
		{set: "model.name=m", where: "model", want: `{"Sequential": {"layers": `},
		{unset: "fit.epochs", where: "fit", want: `{}`},
		{unset: "model[0].name", where: "model.0", want: `{"Conv2D": {"filters": 32, "kernel_size": [5, 5]}}`},
		{unset: "model[3]", where: "model.3", want: `{"Dense": 10}`},
		{unset: "compile.optimizer.learning_rate", where: "compile", want: `{"optimizer": {"Adam": {}}, "loss": "mse"}`},
	} {
		root := mustParse(t, overridable)
		var note string
		var es Errors
		if tt.set != "" {
			note, es = root.Set("--set[0]", tt.set)
		} else {
			es = root.Unset("--unset[0]", tt.unset)
		}
		if len(es) > 0 {
			t.Errorf("%s%s: %v", tt.set, tt.unset, es)
			continue
		}
		key, index, isIndex := strings.Cut(tt.where, ".")
		part := root.Get(key)
		if isIndex {
			part = part.Pairs[0].Val.Items[index[0]-'0']
		}
		if got := string(JSON(part.Plain(), 0)); !strings.HasPrefix(got, tt.want) || got != tt.want && !strings.HasSuffix(tt.want, " ") {
			t.Errorf("%s%s: got %s, want %s", tt.set, tt.unset, got, tt.want)
		}
		if note != tt.note {
			t.Errorf("%s: note %q, want %q", tt.set, note, tt.note)
		}
		if es := document(root); len(es) > 0 {
			t.Errorf("%s%s: %v", tt.set, tt.unset, es)
		}
	}
}

// TestSetUnregistered: paths go through objects whose class another package decodes on its own.
func TestSetUnregistered(t *testing.T) {
	for text, want := range map[string]string{
		"model: {Siamese: [Flatten, {Dense: 3}]}":                                        `{"model": {"Siamese": ["Flatten", {"Dense": {"units": 4}}]}}`,
		"model: {Siamese: {layers: [Flatten, {Dense: 3}]}}":                              `{"model": {"Siamese": {"layers": ["Flatten", {"Dense": {"units": 4}}]}}}`,
		"model: {class_name: Siamese, config: {layers: [Flatten, {Dense: {units: 3}}]}}": `{"model": {"class_name": "Siamese", "config": {"layers": ["Flatten", {"Dense": {"units": 4}}]}}}`,
	} {
		for _, set := range []string{"model[1].units=4", "model.dense.units=4"} {
			root := mustParse(t, text)
			if _, es := root.Set("--set[0]", set); len(es) > 0 {
				t.Errorf("%s: %v", set, es)
			}
			if got := string(JSON(root.Plain(), 0)); got != want {
				t.Errorf("%s: got %s", set, got)
			}
		}
	}
}

func TestSetMessages(t *testing.T) {
	root := mustParse(t, overridable)
	sets := []string{
		"fit.batch_size=8", "compile.optimizer.beta_1=2", "compile.optimizer.learnin_rate=3e-4", "fit.epoch=3", "model.conv2d_9.filters=3", "model[7].filters=3", "fit", "fit.epochs=",
		"fit..epochs=3", "fit.epochs.x=3", "model[x]=1", "fit.epochs=[1", "model.dense.units={a: größe}", "model[2].padding=sane", "fit[0]=1", "a[=1", "compile.loss=msee",
	}
	var es Errors
	for i, s := range sets {
		_, e := root.Set("--set["+string(rune('a'+i))+"]", s)
		es = append(es, e...)
	}
	es = append(es, root.Unset("--unset[0]", "run.dir")...)
	es = append(es, document(root)...)
	var b strings.Builder
	if err := es.Write(&b, Report{}); err != nil {
		t.Fatal(err)
	}
	const want = `--set[c]: error: compile.optimizer (Adam) has no argument "learnin_rate" [unknown-argument]
      compile.optimizer.learnin_rate=3e-4
                        ^~~~~~~~~~~~
      = did you mean "learning_rate"?

`
	if !strings.Contains(b.String(), want) {
		t.Errorf("the output lacks\n%s", want)
	}
	golden(t, "testdata/set.want", b.String())
}
