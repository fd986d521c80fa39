package oracle_test

import (
	"encoding/json"
	"testing"
)

// Every network's PreprocessInput makes of pixels what Keras's does, to the bit.
func TestPreprocessInput(t *testing.T) {
	type inputCase struct {
		Class  string `json:"class"`
		Images *array `json:"images"`
		Output *array `json:"output"`
	}
	for _, c := range load[inputCase](t, "preprocess_input.json.gz") {
		images := c.Images.tensor(t)
		before := images.Clone()
		got, err := application(t, applicationCase{Class: c.Class, Args: json.RawMessage(`{}`)}).PreprocessInput(images)
		if err != nil {
			t.Errorf("%s: %v", c.Class, err)
			continue
		}
		want := c.Output.tensor(t)
		if !got.Shape().Equal(want.Shape()) {
			t.Errorf("%s: shape %v; Keras has %v", c.Class, got.Shape(), want.Shape())
			continue
		}
		for i := range got.Size() {
			if got.Float64At(i) != want.Float64At(i) {
				t.Errorf("%s: element %d is %v; Keras has %v", c.Class, i, got.Float64At(i), want.Float64At(i))
				break
			}
		}
		for i := range images.Size() {
			if images.Float64At(i) != before.Float64At(i) {
				t.Fatalf("%s: the argument was changed", c.Class)
			}
		}
	}
}
