package keras

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// payloads are layers, and functions in the place of layers, that hostile files have used against Keras (CVE-2021-37678, -2024-3660, -2025-1550, -8747, -9906,
// -9905, -49655, -12058, -2026-1462, -12481), with what the refusal names. %s is a URL or path of the test's.
var payloads = map[string]struct{ layer, names string }{
	"lambda dict":          {`{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4wEAAAAA", "defaults": null, "closure": null}}}}`, "Lambda"},
	"lambda list":          {`{"class_name": "Lambda", "config": {"function": ["4wEAAAAA", null, null], "function_type": "lambda", "module": "__main__"}}`, "Lambda"},
	"lambda, other module": {`{"module": "builtins", "class_name": "Lambda", "config": {}, "registered_name": "Lambda"}`, "Lambda"},
	"lambda as activation": {`{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "activation": {"class_name": "__lambda__", "config": {"code": "4wE="}}}}`, "a lambda holds Python code"},
	"eval":                 {`{"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"}`, `"eval"`},
	"os.system":            {`{"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}`, `"system"`},
	"Popen":                {`{"module": "subprocess", "class_name": "Popen", "config": {"args": ["touch", "%s"]}}`, `"Popen"`},
	"eval as activation":   {`{"module": "keras.layers", "class_name": "Activation", "config": {"activation": {"module": "builtins", "class_name": "function", "config": "exec"}}}`, `"exec"`},
	"get_file":             {`{"module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "get_file"}`, `"get_file"`},
	"get_file class":       {`{"module": "keras.utils", "class_name": "get_file", "config": {"fname": "x", "origin": "%s", "cache_dir": "%s"}}`, `"get_file"`},
	"load_model":           {`{"module": "keras.models", "class_name": "function", "config": "load_model"}`, `"load_model"`},
	"unsafe mode":          {`{"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization"}`, `"enable_unsafe_deserialization"`},
	"TFSMLayer":            {`{"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "%s", "call_endpoint": "serve"}}`, `"TFSMLayer"`},
	"TorchModuleWrapper":   {`{"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {"module": "gASVAAAA"}}`, `"TorchModuleWrapper"`},
	"vocabulary":           {`{"module": "keras.layers", "class_name": "StringLookup", "config": {"vocabulary": "%s"}}`, "a file outside the model is not read"},
	"initializer":          {`{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "kernel_initializer": {"module": "os", "class_name": "popen", "config": {}}}}`, `"popen"`},
	"name of Keras's":      {`{"module": "os", "class_name": "Dense", "config": {"units": 1}}`, `module "os"`},
	"registered name":      {`{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}, "registered_name": "evil>Lambda"}`, `"evil>Lambda"`},
	"class as config":      {`{"module": "keras.layers", "class_name": "function", "config": {"module": "os"}}`, "a function needs its name"},
}

// wrappings put a layer where a model's description may hold one.
var wrappings = map[string]string{
	"Sequential":        `{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4]}}, %s]}}`,
	"without module":    `{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"units": 2, "batch_input_shape": [null, 4]}}, %s]}`,
	"nested Sequential": `{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"module": "keras", "class_name": "Sequential", "config": {"layers": [%s]}}]}}`,
	"Functional": `{"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional", "config": {"name": "f", "layers": [
		{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "in"}, "name": "in", "inbound_nodes": []}, %s],
		"input_layers": [["in", 0, 0]], "output_layers": [["evil", 0, 0]]}}`,
	"TimeDistributed": `{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"module": "keras.layers", "class_name": "TimeDistributed", "config": {"layer": %s}}]}}`,
	"Bidirectional":   `{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"module": "keras.layers", "class_name": "Bidirectional", "config": {"layer": %s}}]}}`,
	"backward layer":  `{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"module": "keras.layers", "class_name": "Bidirectional", "config": {"layer": {"class_name": "LSTM", "config": {"units": 2}}, "backward_layer": %s}}]}}`,
	"the model":       `%s`,
}

// wrapped fills a payload into a wrapping.
func wrapped(wrapping, layer string) string {
	if strings.Contains(wrapping, "Functional") { // the call's arguments are what the function would get
		layer = strings.TrimSuffix(layer, "}") + `, "name": "evil", "inbound_nodes": [{"args": ["echo hacked"], "kwargs": {}}]}`
	}
	return strings.ReplaceAll(wrapping, "%s", layer)
}

// loaders read a description in each kind of file.
var loaders = map[string]func(t *testing.T, dir, config string) (*Model, error){
	"FromJSON": func(t *testing.T, dir, config string) (*Model, error) { return FromJSON(config) },
	"FromYAML": func(t *testing.T, dir, config string) (*Model, error) { return FromYAML(config) },
	"keras": func(t *testing.T, dir, config string) (*Model, error) {
		path := filepath.Join(dir, "m.keras")
		w := &kerasfile.Weights{}
		w.Add("layers/dense", "dense", kerasfile.Float32s("", []int{4, 1}, make([]float32, 4)), kerasfile.Float32s("", []int{1}, make([]float32, 1)))
		if err := kerasfile.WriteArchive(path, &kerasfile.Model{KerasVersion: "3.15.1", Config: []byte(config), Weights: w}); err != nil {
			t.Fatal(err)
		}
		return LoadModel(path)
	},
	"h5": func(t *testing.T, dir, config string) (*Model, error) {
		path := filepath.Join(dir, "m.h5")
		if err := kerasfile.WriteLegacy(path, &kerasfile.Legacy{ModelConfig: config, KerasVersion: "2.9.0", Backend: "tensorflow"}); err != nil {
			t.Fatal(err)
		}
		return LoadModel(path)
	},
}

// TestHostileConfigs: every payload in every place of every kind of file is refused by name, with the file, and nothing is fetched, written or kept.
func TestHostileConfigs(t *testing.T) {
	hits := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hits++ }))
	defer server.Close()
	dir, victim := t.TempDir(), t.TempDir()
	for loader, read := range loaders {
		for place, wrapping := range wrappings {
			for name, p := range payloads {
				for _, target := range []string{server.URL, filepath.Join(victim, "x")} {
					if !strings.Contains(p.layer, "%s") && target != server.URL {
						continue
					}
					config := wrapped(wrapping, strings.ReplaceAll(p.layer, "%s", target))
					m, err := read(t, dir, config)
					at := fmt.Sprintf("%s, %s in %s", loader, name, place)
					switch {
					case err == nil || m != nil:
						t.Errorf("%s is accepted", at)
					case place != "the model" && !strings.Contains(err.Error(), p.names):
						t.Errorf("%s: %q is not named in: %v", at, p.names, err)
					case loader == "keras" && !strings.Contains(err.Error(), "m.keras:config.json:"), loader == "h5" && !strings.Contains(err.Error(), "m.h5:model_config:"):
						t.Errorf("%s: no place in: %v", at, err)
					}
				}
			}
		}
	}
	if hits > 0 {
		t.Errorf("%d requests", hits)
	}
	if left, _ := os.ReadDir(victim); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestHostileGraphs: cycles, missing layers and calls, numbers out of range.
func TestHostileGraphs(t *testing.T) {
	graph := func(layers, out string) string {
		return `{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "in"}, "name": "in", "inbound_nodes": []}, ` +
			layers + `], "input_layers": [["in", 0, 0]], "output_layers": ` + out + `}}`
	}
	dense := func(name, from string) string {
		return fmt.Sprintf(`{"class_name": "Dense", "config": {"units": 2}, "name": %q, "inbound_nodes": [[[%s, {}]]]}`, name, from)
	}
	seq := func(layer string) string {
		return `{"class_name": "Sequential", "config": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 2]}}, ` + layer + `]}`
	}
	for name, c := range map[string]struct{ config, want string }{
		"cycle":            {graph(dense("a", `"b", 0, 0`)+","+dense("b", `"a", 0, 0`), `[["a", 0, 0]]`), "depends on itself"},
		"itself":           {graph(dense("a", `"a", 0, 0`), `[["a", 0, 0]]`), "depends on itself"},
		"missing layer":    {graph(dense("a", `"b", 0, 0`), `[["a", 0, 0]]`), `no layer named "b"`},
		"negative call":    {graph(dense("a", `"in", -1, 0`), `[["a", 0, 0]]`), "no call -1"},
		"huge call":        {graph(dense("a", `"in", 9223372036854775807, 0`), `[["a", 0, 0]]`), "no call"},
		"overflowing call": {graph(dense("a", `"in", 1e308, 0`), `[["a", 0, 0]]`), "wanted [layer, node, tensor]"},
		"huge output":      {graph(dense("a", `"in", 0, 7`), `[["a", 0, 0]]`), "no output 7"},
		"no such end":      {graph(dense("a", `"in", 0, 0`), `[["z", 0, 0]]`), `no layer named "z"`},
		"names twice":      {graph(dense("a", `"in", 0, 0`)+","+dense("a", `"in", 0, 0`), `[["a", 0, 0]]`), "two layers named"},
		"keys twice":       {`{"class_name": "Sequential", "class_name": "Lambda", "config": []}`, "class_name"},
		"zero units":       {seq(`{"class_name": "Dense", "config": {"units": 0}}`), "units"},
		"negative units":   {seq(`{"class_name": "Dense", "config": {"units": -3}}`), "units"},
		"1e308 units":      {seq(`{"class_name": "Dense", "config": {"units": 1e308}}`), "units"},
		"NaN":              {seq(`{"class_name": "LeakyReLU", "config": {"negative_slope": NaN}}`), "negative_slope"},
		"zero strides":     {seq(`{"class_name": "Conv2D", "config": {"filters": 1, "kernel_size": 2, "strides": 0}}`), "strides"},
		"zero kernel":      {seq(`{"class_name": "Conv2D", "config": {"filters": 1, "kernel_size": [0, 2]}}`), "kernel_size"},
		"huge target":      {seq(`{"class_name": "Reshape", "config": {"target_shape": [4294967296, 4294967296]}}`), "Reshape"},
		"extra argument":   {seq(`{"class_name": "Flatten", "config": {"filepath": "/etc/passwd"}}`), "filepath"},
	} {
		m, err := FromJSON(c.config)
		if err == nil || m != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q, got %v", name, c.want, err)
		}
	}
}

// TestHostileSizes: a description may not ask for more memory than the file's own weights take.
func TestHostileSizes(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ layer, want string }{
		{`{"class_name": "Dense", "config": {"units": 2147483647}}`, "larger than what the file holds"},
		{`{"class_name": "Embedding", "config": {"input_dim": 1000000000000, "output_dim": 1000000000000}}`, "impossible shape"},
		{`{"class_name": "Dense", "config": {"units": 4611686018427387904}}`, "shape"},
	} {
		config := `{"class_name": "Sequential", "config": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 8]}}, ` + c.layer + `]}`
		for _, loader := range []string{"keras", "h5"} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, err := loaders[loader](t, dir, config)
			runtime.ReadMemStats(&after)
			if err == nil || m != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s %s: %v", loader, c.layer, err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("%s %s: %d bytes allocated", loader, c.layer, used)
			}
		}
	}
}

// TestDeepConfigs: nesting a hundred thousand deep is refused or read, fast and without exhausting the stack.
func TestDeepConfigs(t *testing.T) {
	const n = 100_000
	for name, text := range map[string]string{
		"lists":    strings.Repeat("[", n) + strings.Repeat("]", n),
		"models":   strings.Repeat(`{"class_name": "Sequential", "config": [`, n) + strings.Repeat("]}", n),
		"wrappers": strings.Repeat(`{"class_name": "TimeDistributed", "config": {"layer": `, n) + "null" + strings.Repeat("}}", n),
		"args":     `{"class_name": "Functional", "config": {"layers": [{"class_name": "Dense", "name": "a", "config": {"units": 1}, "inbound_nodes": [{"args": ` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}]}], "input_layers": [], "output_layers": []}}`,
	} {
		start := time.Now()
		if m, err := FromJSON(text); err == nil || m != nil {
			t.Errorf("%s: accepted", name)
		} else if len(err.Error()) > 4000 {
			t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s: took %v", name, d)
		}
	}
}

// TestHostileContainers: links and storage outside the file are refused in weights too, and the model keeps what it had.
func TestHostileContainers(t *testing.T) {
	for _, name := range []string{"external_v0.h5", "external_latest.h5", "soft_v0.h5", "storage_v0.h5", "cycle_v0.h5"} {
		path := filepath.Join("..", "io", "hdf5", "testdata", name)
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
		if m, err := LoadModel(path); err == nil || m != nil {
			t.Errorf("LoadModel(%s) is accepted", name)
		}
		m := madeInGo(t)["go_cnn"]
		if err := m.Build(); err != nil {
			t.Fatal(err)
		}
		before := recordArrays(m.GetWeights())
		if err := m.LoadWeights(path); err == nil {
			t.Errorf("LoadWeights(%s) is accepted", name)
		}
		for i, a := range recordArrays(m.GetWeights()) {
			if !slices.Equal(a.Data, before[i].Data) {
				t.Errorf("%s: weight %d has changed", name, i)
			}
		}
	}
}

// FuzzFromJSON: no text makes the reader panic or hang.
func FuzzFromJSON(f *testing.F) {
	for _, w := range wrappings {
		for _, p := range payloads {
			f.Add(wrapped(w, p.layer))
		}
		f.Add(wrapped(w, `{"class_name": "Dense", "config": {"units": 3}}`))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := FromJSON(text)
		if (m == nil) == (err == nil) {
			t.Fatal("neither a model nor an error, or both")
		}
		if err == nil {
			if _, err := m.ToJSON(); err != nil {
				t.Skip(err)
			}
		}
	})
}

// FuzzLoadModel: no file does.
func FuzzLoadModel(f *testing.F) {
	dir := f.TempDir()
	m := NewSequential()
	if err := smallModel(m); err != nil {
		f.Fatal(err)
	}
	for _, name := range []string{"m.keras", "m.h5"} {
		path := filepath.Join(dir, name)
		if err := m.Save(path); err != nil {
			f.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "m")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		m, err := LoadModelWith(path, LoadOptions{Warn: func(string) {}})
		if (m == nil) == (err == nil) {
			t.Fatal("neither a model nor an error, or both")
		}
	})
}
