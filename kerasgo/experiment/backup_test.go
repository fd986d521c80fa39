package experiment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const backupSpec = `
fit:
  epochs: 4
  batch_size: 5
  validation_split: 0.25
  callbacks:
    - BackupAndRestore: {backup_dir: backup, save_freq: 2}
    - TensorBoard: {update_freq: batch}
`

// A run that ends in the middle is taken up by the next run of the same description.
func TestBackup(t *testing.T) {
	text := tinySpec[:strings.Index(tinySpec, "\nfit:")] + backupSpec
	whole, err := tiny(t, text).Run(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := tiny(t, text)
	if _, err := e.Run(t.Context(), Options{Progress: writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), "Epoch 3/") {
			return 0, os.ErrClosed // ends the run
		}
		return len(p), nil
	})}); err == nil {
		t.Fatal("the first run did not fail")
	}
	backup := filepath.Join(e.RunFolder(), "backup")
	if _, err := os.Stat(filepath.Join(backup, "latest.weights.h5")); err != nil {
		t.Fatal(err)
	}
	e.Seed = new(77) // a backup brings its seed
	r, err := e.Run(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range r.Model.GetWeights() {
		if d := cmp.Diff(whole.Model.GetWeights()[i].Float32s(), w.Float32s()); d != "" {
			t.Errorf("weight %d (-one run +two):\n%s", i, d)
		}
	}
	if _, err := os.Stat(backup); err == nil {
		t.Error("the backup is still there")
	}
	if files, err := filepath.Glob(filepath.Join(r.Dir, "logs", "*", "events.out.*")); err != nil || len(files) != 2 {
		t.Errorf("TensorBoard's files: %v, %v", files, err)
	}
}

// Monitors of models with several outputs are looked at before anything is trained.
func TestMonitorOfSeveralOutputs(t *testing.T) {
	model, err := os.ReadFile("testdata/keras/functional.json")
	if err != nil {
		t.Fatal(err)
	}
	for monitor, want := range map[string]string{
		"loss":            "",
		"kind_loss":       "",
		"val_price_mae":   "",
		"kind_F1Score_1":  "",
		"mae":             `EarlyStopping: monitor "mae" is not logged`,
		"val_kind_mae":    `EarlyStopping: monitor "val_kind_mae" is not logged`,
		"price_F1Score_1": `EarlyStopping: monitor "price_F1Score_1" is not logged`,
	} {
		src := `data:
  Arrays: {x: {b: b.npy, a: a.npy}, y: {price: price.npy, kind: kind.npy}}
compile:
  loss: {price: mse, kind: sparse_categorical_crossentropy}
  metrics: {kind: [F1Score], price: [mae]}
fit: {validation_split: 0.25, callbacks: [{EarlyStopping: {monitor: ` + monitor + `}}]}
model: ` + string(model)
		got := ""
		if errs := mistakes("several.yaml", src); len(errs) > 0 {
			got = errs[0].Msg
		}
		if got != want {
			t.Errorf("%s: %q, want %q", monitor, got, want)
		}
	}
}
