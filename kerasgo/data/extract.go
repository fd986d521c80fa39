package data

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// extract unpacks an archive into a new folder, which replaces one of its name when it
// is complete.
func (f File) extract(archive, folder string) error {
	temp, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+".*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	root, err := os.OpenRoot(temp) // nothing outside of it can be written
	if err != nil {
		return err
	}
	defer root.Close()
	u := &unpacker{root: root, left: f.MaxExtracted}
	if u.left == 0 {
		u.left = 16 << 30
	}
	format := f.ArchiveFormat
	if format == "" || format == "auto" {
		if format, err = archiveFormat(archive); err != nil {
			return err
		}
	}
	if format == "zip" {
		err = u.zip(archive)
	} else {
		err = u.tar(archive)
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(temp, folder)
}

// archiveFormat tells zip files by how they begin.
func archiveFormat(file string) (string, error) {
	r, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer r.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err == nil && (string(head) == "PK\x03\x04" || string(head) == "PK\x05\x06") {
		return "zip", nil
	}
	return "tar", nil
}

type unpacker struct {
	root *os.Root
	left int64 // bytes that may still be written
}

// tar unpacks a tar file, as it is or compressed by gzip or bzip2.
func (u *unpacker) tar(file string) error {
	r, err := os.Open(file)
	if err != nil {
		return err
	}
	defer r.Close()
	text := bufio.NewReader(r)
	var in io.Reader = text
	switch head, _ := text.Peek(3); {
	case len(head) > 1 && head[0] == 0x1f && head[1] == 0x8b:
		if in, err = gzip.NewReader(text); err != nil {
			return err
		}
	case string(head) == "BZh":
		in = bzip2.NewReader(text)
	}
	t := tar.NewReader(in)
	for entries := 0; ; entries++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) && entries > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("no archive that can be read (tar, tar.gz, tar.bz2 or zip): %w", err)
		}
		switch h.Typeflag {
		case tar.TypeDir:
			err = u.folder(h.Name)
		case tar.TypeReg:
			err = u.file(h.Name, t)
		case tar.TypeXGlobalHeader:
		default:
			err = fmt.Errorf("entry %q is a link or a device, which is refused", h.Name)
		}
		if err != nil {
			return err
		}
	}
}

// zip unpacks a zip file.
func (u *unpacker) zip(file string) error {
	z, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, e := range z.File {
		switch mode := e.Mode(); {
		case strings.HasSuffix(e.Name, "/"):
			err = u.folder(e.Name)
		case !mode.IsRegular():
			err = fmt.Errorf("entry %q is a link or a device, which is refused", e.Name)
		default:
			var r io.ReadCloser
			if r, err = e.Open(); err == nil {
				err = errors.Join(u.file(e.Name, r), r.Close())
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// local refuses names that lead out of the folder.
func local(name string) (string, error) {
	clean := filepath.FromSlash(strings.TrimSuffix(name, "/"))
	if !filepath.IsLocal(clean) || strings.ContainsAny(name, "\\\x00") {
		return "", fmt.Errorf("entry %q leads out of the folder, which is refused", name)
	}
	return filepath.Clean(clean), nil
}

func (u *unpacker) folder(name string) error {
	name, err := local(name)
	if err != nil {
		return err
	}
	return u.root.MkdirAll(name, 0o755)
}

func (u *unpacker) file(name string, r io.Reader) error {
	name, err := local(name)
	if err != nil {
		return err
	}
	if err := u.root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	out, err := u.root.Create(name)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(r, u.left+1))
	if u.left -= n; u.left < 0 {
		err = errors.New("the archive unpacks to more than MaxExtracted allows")
	}
	return errors.Join(err, out.Close())
}
