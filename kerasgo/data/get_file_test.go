package data_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/kerasgo/data"
)

// entry is a file of an archive; a link if it has a target.
type entry struct{ name, text, link string }

func tarOf(t *testing.T, list ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range list {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.text)), Typeflag: tar.TypeReg}
		if e.link != "" {
			h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t *testing.T, list ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range list {
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// serve answers with the files and counts how often it is asked.
func serve(t *testing.T, files map[string][]byte) (address string, asked *int) {
	t.Helper()
	asked = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		b, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.URL.Path == "/short.txt" {
			w.Header().Set("Content-Length", "100")
		}
		w.Write(b)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func TestGetFile(t *testing.T) {
	text := []byte("one,two\n1,2\n")
	sum := sha256.Sum256(text)
	right := hex.EncodeToString(sum[:])
	address, asked := serve(t, map[string][]byte{"/a/table.csv": text})
	dir := t.TempDir()
	local := filepath.Join(dir, "local.csv")
	if err := os.WriteFile(local, text, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f    data.File
		want string // path in the cache
		n    int    // how often the server has been asked then
	}{
		{data.File{Origin: address + "/a/table.csv?v=2", FileHash: right}, "datasets/table.csv", 1},
		{data.File{Origin: address + "/a/table.csv", FileHash: right}, "datasets/table.csv", 1},
		{data.File{Origin: address + "/a/table.csv", ForceDownload: true}, "datasets/table.csv", 2},
		{data.File{Origin: address + "/a/table.csv", FName: "other.csv", CacheSubdir: "tables"}, "tables/other.csv", 3},
		{data.File{Origin: "file://" + filepath.ToSlash(local)}, "datasets/local.csv", 3},
		{data.File{Origin: local, FName: "copy.csv", FileHash: right}, "datasets/copy.csv", 3},
	} {
		c.f.CacheDir = dir
		got, err := data.GetFile(t.Context(), c.f)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(dir, filepath.FromSlash(c.want)); got != want || *asked != c.n {
			t.Errorf("got %s after %d requests, wanted %s after %d", got, *asked, want, c.n)
		}
		if b, err := os.ReadFile(got); err != nil || !bytes.Equal(b, text) {
			t.Errorf("%s: %q, %v", got, b, err)
		}
	}
	// A damaged copy is fetched again.
	if err := os.WriteFile(filepath.Join(dir, "datasets", "table.csv"), []byte("half"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := data.GetFile(t.Context(), data.File{Origin: address + "/a/table.csv", FileHash: right, CacheDir: dir}); err != nil || *asked != 4 {
		t.Errorf("%d requests, %v", *asked, err)
	}
}

func TestGetFileExtract(t *testing.T) {
	list := []entry{{name: "set/a.txt", text: "A"}, {name: "b.txt", text: "B"}}
	address, _ := serve(t, map[string][]byte{"/words.tar.gz": tarOf(t, list...), "/words.zip": zipOf(t, list...)})
	for _, c := range []struct{ origin, name, want string }{ // folders as Keras names them
		{"/words.tar.gz", "", "words.tar.gz"},
		{"/words.tar.gz", "mine.tar.gz", "mine_extracted"},
		{"/words.zip", "plain", "plain"},
	} {
		dir := t.TempDir()
		for range 2 {
			got, err := data.GetFile(t.Context(), data.File{Origin: address + c.origin, FName: c.name, CacheDir: dir, Extract: true})
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(dir, "datasets", c.want); got != want {
				t.Errorf("got %s, wanted %s", got, want)
			}
			for name, want := range map[string]string{"set/a.txt": "A", "b.txt": "B"} {
				if b, err := os.ReadFile(filepath.Join(got, filepath.FromSlash(name))); err != nil || string(b) != want {
					t.Errorf("%s: %q, %v", name, b, err)
				}
			}
		}
	}
}

// What is refused leaves nothing in the cache but the archive.
func TestGetFileRefuses(t *testing.T) {
	up := entry{name: "../../evil.txt", text: "x"}
	address, _ := serve(t, map[string][]byte{
		"/up.tar.gz": tarOf(t, entry{name: "good", text: "x"}, up), "/up.zip": zipOf(t, up), "/root.zip": zipOf(t, entry{name: "/evil.txt", text: "x"}),
		"/link.tar.gz": tarOf(t, entry{name: "out", link: "../.."}, entry{name: "out/evil.txt", text: "x"}), "/big.zip": zipOf(t, entry{name: "big", text: "0123456789"}),
		"/text.zip": []byte("no archive"), "/short.txt": []byte("half"), "/x.txt": []byte("x"),
	})
	for _, c := range []struct {
		f    data.File
		want string
	}{
		{data.File{Origin: "/up.tar.gz", Extract: true}, `"../../evil.txt" leads out of the folder`},
		{data.File{Origin: "/up.zip", Extract: true}, "leads out of the folder"},
		{data.File{Origin: "/root.zip", Extract: true}, "leads out of the folder"},
		{data.File{Origin: "/link.tar.gz", Extract: true}, "is a link or a device"},
		{data.File{Origin: "/big.zip", Extract: true, MaxExtracted: 9}, "more than MaxExtracted allows"},
		{data.File{Origin: "/text.zip", Extract: true}, "no archive that can be read"},
		{data.File{Origin: "/short.txt"}, "unexpected EOF"},
		{data.File{Origin: "/nothing"}, "404"},
		{data.File{Origin: "/"}, "is no name of a file"},
		{data.File{Origin: "/x.txt", FName: "../x"}, "is no name of a file"},
		{data.File{Origin: "/x.txt", FileHash: strings.Repeat("0", 64)}, "it is damaged or another file"},
		{data.File{Origin: "/x.txt", FileHash: "abc"}, "32 hexadecimal digits are wanted"},
		{data.File{Origin: "/x.txt", HashAlgorithm: "crc"}, `hash algorithm "crc"`},
		{data.File{Origin: "/x.txt", ArchiveFormat: "rar"}, `archive format "rar"`},
		{data.File{Origin: "ftp://host/x"}, "ftp addresses are not supported"},
		{data.File{}, "the origin is missing"},
	} {
		dir := t.TempDir()
		c.f.CacheDir = filepath.Join(dir, "cache")
		if strings.HasPrefix(c.f.Origin, "/") {
			c.f.Origin = address + c.f.Origin
		}
		_, err := data.GetFile(t.Context(), c.f)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.f.Origin, err, c.want)
		}
		_ = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() && !strings.HasSuffix(path, "_archive") {
				t.Errorf("%s: %s is left behind", c.f.Origin, path)
			}
			return err
		})
	}
}
