package spec

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormatYAML(t *testing.T) {
	const in = `# yaml-language-server: $schema=docs/kerasgo.schema.json
kerasgo:   1
name: m


# the data
data:
    MNIST: {dir: mnist/,one_hot: true}   # behind

model:
    Sequential:
    -   Conv2D: {filters: 32,
          kernel_size: [5,5]}

    # a comment inside
    - Flatten
    - Dense: 10
fit:
  epochs: 3
`
	const want = `# yaml-language-server: $schema=docs/kerasgo.schema.json
kerasgo: 1
name: m

# the data
data:
  MNIST: {dir: mnist/, one_hot: true} # behind

model:
  Sequential:
    - Conv2D: {filters: 32, kernel_size: [5, 5]}

    # a comment inside
    - Flatten
    - Dense: 10
fit:
  epochs: 3
`
	got, es := FormatYAML("x.yaml", []byte(in))
	if diff := cmp.Diff(want, string(got)); diff != "" || len(es) > 0 {
		t.Errorf("%v (-want +got)\n%s", es, diff)
	}
	again, es := FormatYAML("x.yaml", got)
	if diff := cmp.Diff(want, string(again)); diff != "" || len(es) > 0 {
		t.Errorf("twice: %v (-want +got)\n%s", es, diff)
	}
	if _, es := FormatYAML("x.yaml", []byte("a: [")); len(es) == 0 {
		t.Error("malformed text is formatted")
	}
	data, err := os.ReadFile("testdata/errors/mnist_cnn.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, es = FormatYAML("x.yaml", data)
	if len(es) > 0 {
		t.Fatal(es)
	}
	if diff := cmp.Diff(mustParse(t, string(data)).Plain(), mustParse(t, string(got)).Plain(), cmp.AllowUnexported(Object{})); diff != "" {
		t.Errorf("the content changed\n%s", diff)
	}
}
