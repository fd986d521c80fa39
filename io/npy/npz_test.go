package npy

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zip"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

func TestReadsNumPysArchives(t *testing.T) {
	for name, text := range readRecording(t).Npz {
		b := unbase64(t, text)
		arrays, err := ReadZip(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var names []string
		for _, a := range arrays {
			names = append(names, a.Name)
		}
		if diff := cmp.Diff([]string{"x_train", "y", "a/b"}, names); diff != "" {
			t.Errorf("%s: names %s", name, diff)
		}
		x, ok := Find(arrays, "x_train")
		if !ok || x.DType() != tensor.Uint8 || !x.Shape().Equal(tensor.Shape{3, 4}) || x.At(2, 3) != 11 {
			t.Errorf("%s: x_train is %v", name, x)
		}
		if _, ok := Find(arrays, "x"); ok {
			t.Errorf("%s: found an array that isn't there", name)
		}
	}
}

func TestArchiveRoundTrip(t *testing.T) {
	want := []Named{{"b", tensor.From([]float32{1, 2}, 2)}, {"a", tensor.From([]string{"x", "größer"}, 2, 1)}}
	for _, compressed := range []bool{false, true} {
		name := filepath.Join(t.TempDir(), "a.npz")
		if err := WriteZipFile(name, want, compressed); err != nil {
			t.Fatal(err)
		}
		got, err := ReadZipFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[0].Name != "b" || got[1].Name != "a" {
			t.Fatalf("read %v", got)
		}
		for i := range want {
			if diff := cmp.Diff(show(want[i].Tensor), show(got[i].Tensor)); diff != "" {
				t.Error(diff)
			}
		}
	}
	if err := WriteZip(&bytes.Buffer{}, []Named{want[0], want[0]}, false); err == nil {
		t.Error("a name used twice was written")
	}
}

// archive zips members, given as name and content.
func archive(t testing.TB, members ...[2]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range members {
		w, err := z.Create(m[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRefusesBrokenArchives(t *testing.T) {
	good := string(file("{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", "ab"))
	damaged := archive(t, [2]string{"a.npy", good})
	damaged[bytes.Index(damaged, []byte("PK\x01\x02"))+16] ^= 1 // the sum in the directory
	encrypted := archive(t, [2]string{"a.npy", good})
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	bomb := string(file("{'descr': '|u1', 'fortran_order': False, 'shape': (8000000000,)}", strings.Repeat("\x00", 1<<20)))
	for _, c := range []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"no archive", []byte("hello"), "zip"},
		{"other member", archive(t, [2]string{"readme.txt", ""}), `"readme.txt" is no .npy file`},
		{"twice", archive(t, [2]string{"a.npy", good}, [2]string{"a.npy", good}), `"a.npy" stands twice`},
		{"broken member", archive(t, [2]string{"a.npy", "oops"}), `member "a.npy": npy:`},
		{"sum", damaged, "checksum"},
		{"encrypted", encrypted, "encrypted"},
		{"bomb", archive(t, [2]string{"a.npy", bomb}), "more than the limit"},
	} {
		_, err := ReadZip(bytes.NewReader(c.bytes), int64(len(c.bytes)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReadZipFileNamesTheFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "broken.npz")
	if err := os.WriteFile(name, []byte("oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadZipFile(name); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("error %v doesn't name %s", err, name)
	}
}

func FuzzReadZip(f *testing.F) {
	for _, text := range readRecording(f).Npz {
		f.Add(unbase64(f, text))
	}
	f.Add(archive(f, [2]string{"a.npy", "oops"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		arrays, err := ReadZip(bytes.NewReader(b), int64(len(b)))
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Errorf("%v is no ErrFormat", err)
		}
		if err != nil && arrays != nil {
			t.Error("an error and arrays")
		}
	})
}
