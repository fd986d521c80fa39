package kerasfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// folder reads an unpacked archive. Only regular files in the folder itself count: a symbolic link could lead anywhere.
type folder struct {
	root   *os.Root
	list   []string
	opened []*os.File
}

func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	f := &folder{root: root}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() || len(f.list) > maxMembers:
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s: %w: no regular file", filepath.Join(path, name), ErrRefused)
		}
		f.list = append(f.list, name)
		return nil
	})
	if err != nil {
		root.Close()
		return nil, err
	}
	return f, nil
}

func (f *folder) names() []string { return f.list }

func (f *folder) read(name string, limit uint64) ([]byte, error) {
	st, err := f.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || uint64(st.Size()) > limit {
		return nil, fmt.Errorf("%s: %w: %s of %d bytes", name, ErrRefused, st.Mode().Type(), st.Size())
	}
	return f.root.ReadFile(name)
}

func (f *folder) open(name string) (io.ReaderAt, int64, error) {
	st, err := f.root.Lstat(name)
	if err != nil {
		return nil, 0, err
	}
	if !st.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s: %w: no regular file", name, ErrRefused)
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	f.opened = append(f.opened, file)
	return file, st.Size(), nil
}

// close closes the folder and the files opened in it.
func (f *folder) close() error {
	err := f.root.Close()
	for _, file := range f.opened {
		err = errors.Join(err, file.Close())
	}
	return err
}
