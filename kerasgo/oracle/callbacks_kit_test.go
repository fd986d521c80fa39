package oracle_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// The weights that the recorder's model shows to TensorBoard.
func (m *stubModel) EachWeight(f func(path string, w *tensor.Tensor) error) error {
	fill := func(mul, mod int, div, sub float32, shape ...int) *tensor.Tensor {
		w := tensor.New(tensor.Float32, shape...)
		for i := range w.Size() {
			w.Float32s()[i] = float32(i*mul%mod)/div - sub
		}
		return w
	}
	bias := tensor.New(tensor.Float32, 3)
	copy(bias.Float32s(), []float32{0.25, 0.25, 0.25})
	for _, v := range []struct {
		path string
		w    *tensor.Tensor
	}{
		{"net/a/kernel", fill(1, 100, 5, 0, 2, 3)},
		{"net/a/tall", fill(1, 100, 8, 0.1, 4, 2)},
		{"net/a/bias", bias},
		{"net/b/thick", fill(7, 24, 20, 0, 2, 3, 4)},
		{"net/b/colours", fill(5, 54, 54, 0, 2, 3, 3, 3)},
		{"net/b/deep", fill(5, 36, 36, 0, 2, 3, 3, 2)},
		{"net/c/scalar", tensor.Scalar(float32(0.5))},
	} {
		if err := f(v.path, v.w); err != nil {
			return err
		}
	}
	return nil
}

func (m *stubModel) ToJSON() (string, error) { return "{}", nil }
func (m *stubModel) Iterations() int         { return 0 }

func (m *stubModel) SaveState(path string) error {
	m.events = append(m.events, "save_weights "+path)
	return os.WriteFile(path, []byte("weights"), 0o600)
}

func (m *stubModel) LoadState(path string, epoch int) error {
	m.events = append(m.events, "load_weights "+path)
	m.first = epoch
	return nil
}

var (
	_ callbacks.Inspected = (*stubModel)(nil)
	_ callbacks.Resumable = (*stubModel)(nil)
)

// serve starts a server in the place of the one that a RemoteMonitor is to reach, and
// compares what it is sent when the test ends.
func (c *callbackCase) serve(t *testing.T) {
	root := "http://localhost:9000"
	if r, ok := c.Args["root"].(string); ok {
		root = r
	}
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost {
			t.Errorf("%s: %v", r.Method, err)
		}
		got = append(got, strings.Join([]string{r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("X-Own"), entries(t, string(body))}, " "))
	}))
	base, err := url.Parse(root)
	if err != nil {
		t.Fatal(err)
	}
	c.Args["root"] = server.URL + base.Path
	t.Cleanup(func() {
		server.Close()
		var want []string
		for _, run := range c.Runs {
			for _, p := range run.Posts {
				parts := strings.SplitN(p, " ", 4)
				u, err := url.Parse(parts[0])
				if err != nil {
					t.Fatal(err)
				}
				parts[0], parts[3] = u.RequestURI(), entries(t, parts[3])
				want = append(want, strings.Join(parts, " "))
			}
		}
		equal(t, "requests", want, got)
	})
}

// entries sorts the entries of the JSON object in the body of a request.
func entries(t *testing.T, body string) string {
	field := ""
	if !strings.HasPrefix(body, "{") {
		form, err := url.ParseQuery(body)
		if err != nil || len(form) != 1 {
			t.Errorf("body %q: %v", body, err)
		}
		for k, v := range form {
			field, body = k+"=", v[0]
		}
	}
	list := strings.Split(strings.Trim(body, "{}"), ", ")
	slices.Sort(list)
	return field + strings.Join(list, ", ")
}

// compareEvents holds what TensorBoard's files hold against Keras's, as JSON.
func compareEvents(t *testing.T, want, got [][]any) {
	t.Helper()
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var same [][]any
	if err := json.Unmarshal(text, &same); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, same, cmp.Comparer(func(a, b float64) bool { return float32(a) == float32(b) })); d != "" {
		t.Errorf("events (-Keras +kerasgo):\n%s", d)
	}
}
