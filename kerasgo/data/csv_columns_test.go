package data_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/data"
)

const shop = "id,city,price,sold\n9007199254740993,Bonn,1.5,1\n-2,Ulm,2,0\n3,\"Bad Ems\",4,1\n4,Ulm,8,0\n"

func writeShop(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shop.csv"), []byte(shop), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestCSVColumns: columns of several types are arrays of their own, in all splits.
func TestCSVColumns(t *testing.T) {
	s, err := data.CSV{Path: "shop.csv", DTypes: map[string]string{"id": "int64", "city": "string"}, TestSplit: 0.25, Shuffle: new(false)}.Load(writeShop(t))
	if err != nil {
		t.Fatal(err)
	}
	x := s.Train.X.(map[string]*tensor.Tensor)
	got := []any{tensor.Data[int64](x["id"]), tensor.Data[string](x["city"]), x["price"].Float32s(), x["city"].Shape(), s.Train.Y.(*tensor.Tensor).Float32s()}
	want := []any{[]int64{9007199254740993, -2, 3}, []string{"Bonn", "Ulm", "Bad Ems"}, []float32{1.5, 2, 4}, tensor.Shape{3, 1}, []float32{1, 0, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if last := tensor.Data[string](s.Test.X.(map[string]*tensor.Tensor)["city"]); last[0] != "Ulm" {
		t.Errorf("the test split has %v", last)
	}
}

// TestCSVWords: columns of one type are one array, unless by_column is set.
func TestCSVWords(t *testing.T) {
	c := data.CSV{Path: "shop.csv", Features: []string{"city"}, DTypes: map[string]string{"city": "string"}, ValidationSplit: 0.25, Seed: 3}
	s, err := c.Load(writeShop(t))
	if err != nil {
		t.Fatal(err)
	}
	x := s.Train.X.(*tensor.Tensor)
	if !x.Shape().Equal(tensor.Shape{3, 1}) || x.DType() != tensor.String {
		t.Errorf("x is %v %v", x.DType(), x.Shape())
	}
	if o := c.Outline(); !o.Strings || !o.X.Equal(tensor.Shape{-1, 1}) {
		t.Errorf("outline %+v", o)
	}
	c.ByColumn = true
	if s, err = c.Load(writeShop(t)); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Train.X.(map[string]*tensor.Tensor); !ok {
		t.Errorf("with by_column x is a %T", s.Train.X)
	}
}

func TestCSVColumnErrors(t *testing.T) {
	for want, c := range map[string]data.CSV{
		`shop.csv:2: column id: 9007199254740993 does not fit into int32`: {DTypes: map[string]string{"id": "int32", "city": "string"}},
		`shop.csv:2: column city: "Bonn" is no whole number`:              {DTypes: map[string]string{"city": "int64"}},
		`shop.csv: dtypes: "town" is no column of x`:                      {DTypes: map[string]string{"town": "string"}},
		`dtypes: column id: "number" is none of`:                          {DTypes: map[string]string{"id": "number"}},
		`dtypes: column id is not among the features`:                     {Features: []string{"price"}, DTypes: map[string]string{"id": "int64"}},
	} {
		c.Path = "shop.csv"
		if _, err := c.Load(writeShop(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestCSVTargetsByColumn: every target is an array of its own; words are class numbers.
func TestCSVTargetsByColumn(t *testing.T) {
	c := data.CSV{Path: "shop.csv", Features: []string{"price"}, Target: []string{"sold", "city"}, TargetsByColumn: true, TestSplit: 0.25, Shuffle: new(false)}
	s, err := c.Load(writeShop(t))
	if err != nil {
		t.Fatal(err)
	}
	y, last := s.Train.Y.(map[string]*tensor.Tensor), s.Test.Y.(map[string]*tensor.Tensor)
	got := []any{y["sold"].Float32s(), tensor.Data[int32](y["city"]), last["sold"].Float32s(), tensor.Data[int32](last["city"])}
	want := []any{[]float32{1, 0, 1}, []int32{1, 2, 0}, []float32{0}, []int32{2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c.OneHot = true
	if _, err := c.Load(writeShop(t)); err == nil || !strings.Contains(err.Error(), "targets_by_column") {
		t.Errorf("one_hot: %v", err)
	}
}

// TestCSVReadFeatures: what a trained model is asked about has the columns of x, in any
// order and among others.
func TestCSVReadFeatures(t *testing.T) {
	c := data.CSV{Path: "not read", Features: []string{"city", "price"}, DTypes: map[string]string{"city": "string"}, Target: []string{"sold"}}
	dir := t.TempDir()
	file := filepath.Join(dir, "new.csv")
	if err := os.WriteFile(file, []byte("price,colour,city\n3,red,Ulm\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	v, err := c.ReadFeatures(file)
	if err != nil {
		t.Fatal(err)
	}
	x := v.(map[string]*tensor.Tensor)
	if len(x) != 2 || tensor.Data[string](x["city"])[0] != "Ulm" || x["price"].Float32s()[0] != 3 {
		t.Errorf("got %v", x)
	}
	c.Features[0] = "town"
	c.DTypes = nil
	if _, err := c.ReadFeatures(file); err == nil || !strings.Contains(err.Error(), `no column "town"`) {
		t.Errorf("a column that is not there: %v", err)
	}
}
