package data

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// File holds the arguments of GetFile, which are those of Keras's
// keras.utils.get_file. Zero means Keras's default.
type File struct {
	FName         string       // name of the file in the cache; empty means the last part of Origin
	Origin        string       // where it comes from: an address (http, https, file) or a path
	FileHash      string       // what the file must hash to, in hexadecimal digits; empty means that anything goes
	HashAlgorithm string       // sha256, md5, or auto, which empty means: by the length of FileHash
	CacheDir      string       // empty means KERAS_HOME, or .keras in the home folder
	CacheSubdir   string       // folder in it; empty means datasets
	Extract       bool         // unpack the file, an archive; the path is then that of the folder
	ArchiveFormat string       // tar (also .gz, .bz2), zip, or auto, which empty means
	ForceDownload bool         // fetch the file even if it is there
	MaxExtracted  int64        // bytes that an archive may unpack to; zero means 16 GiB
	Client        *http.Client // nil means http.DefaultClient
}

// GetFile returns the path of a file in the cache, after fetching it if it is not there
// or has another hash. A file is written under a temporary name and gets its own when
// it is complete and its hash is right, so that what is in the cache can be relied on.
//
// Archives are unpacked into a folder named as Keras names it: FName without what
// follows its first dot, and "_extracted" behind; without FName the name of the
// archive, which itself gets "_archive" behind. An entry that would lie outside of the
// folder, and links and devices, are errors, and nothing is kept then.
func GetFile(ctx context.Context, f File) (string, error) {
	file, err := f.get(ctx)
	if err != nil {
		return "", fmt.Errorf("data: GetFile: %w", err)
	}
	return file, nil
}

func (f File) get(ctx context.Context) (string, error) {
	if f.Origin == "" {
		return "", errors.New("the origin is missing: the address of the file")
	}
	if err := f.check(); err != nil {
		return "", err
	}
	dir, err := f.folder()
	if err != nil {
		return "", err
	}
	name := f.FName
	if name == "" {
		if name = path.Base(filepath.ToSlash(f.Origin)); isAddress(f.Origin) {
			u, err := url.Parse(f.Origin)
			if err != nil {
				return "", err
			}
			name = path.Base(u.Path)
		}
	}
	if name == "." || name == "/" || name == ".." || name != filepath.Base(name) {
		return "", fmt.Errorf("%q is no name of a file; FName says how it is called in %s", name, dir)
	}
	target, folder := filepath.Join(dir, name), ""
	if f.Extract {
		folder = filepath.Join(dir, name)
		if stem, _, dotted := strings.Cut(name, "."); f.FName != "" && dotted {
			folder = filepath.Join(dir, stem+"_extracted")
		} else {
			target += "_archive"
		}
	}
	fetched := false
	if _, err := os.Stat(target); f.ForceDownload || err != nil || f.verify(target) != nil {
		if err := f.fetch(ctx, target); err != nil {
			return "", err
		}
		fetched = true
	}
	if !f.Extract {
		return target, nil
	}
	if _, err := os.Stat(folder); err == nil && !fetched {
		return folder, nil
	}
	if err := f.extract(target, folder); err != nil {
		return "", fmt.Errorf("%s: %w", target, err)
	}
	return folder, nil
}

func (f File) check() error {
	switch f.HashAlgorithm {
	case "", "auto", "sha256", "md5":
	default:
		return fmt.Errorf("hash algorithm %q; it is sha256, md5 or auto", f.HashAlgorithm)
	}
	switch f.ArchiveFormat {
	case "", "auto", "tar", "zip":
	default:
		return fmt.Errorf("archive format %q; it is tar, zip or auto", f.ArchiveFormat)
	}
	if _, err := hex.DecodeString(f.FileHash); err != nil || f.FileHash != "" && len(f.FileHash) != 2*f.hash().Size() {
		return fmt.Errorf("hash %q: %d hexadecimal digits are wanted", f.FileHash, 2*f.hash().Size())
	}
	return nil
}

// folder makes the folder of the cache.
func (f File) folder() (string, error) {
	home := f.CacheDir
	if home == "" {
		home = os.Getenv("KERAS_HOME")
	}
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("the cache is not known: set KERAS_HOME, or give CacheDir: %w", err)
		}
		home = filepath.Join(user, ".keras")
	}
	sub := f.CacheSubdir
	if sub == "" {
		sub = "datasets"
	}
	dir := filepath.Join(home, sub)
	return dir, os.MkdirAll(dir, 0o777)
}

func (f File) hash() hash.Hash {
	if f.HashAlgorithm == "md5" || f.HashAlgorithm != "sha256" && len(f.FileHash) != 64 {
		return md5.New()
	}
	return sha256.New()
}

// verify compares the hash of a file, if one is given.
func (f File) verify(file string) error {
	if f.FileHash == "" {
		return nil
	}
	r, err := os.Open(file)
	if err != nil {
		return err
	}
	defer r.Close()
	h := f.hash()
	if _, err := io.Copy(h, r); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); !strings.EqualFold(got, f.FileHash) {
		return fmt.Errorf("%s hashes to %s, not to %s: it is damaged or another file", f.Origin, got, f.FileHash)
	}
	return nil
}

// fetch copies the file to where it belongs.
func (f File) fetch(ctx context.Context, target string) (err error) {
	r, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	out, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	if _, err := io.Copy(out, r); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", f.Origin, err), out.Close())
	}
	if err := errors.Join(out.Chmod(0o644), out.Close()); err != nil {
		return err
	}
	if err := f.verify(out.Name()); err != nil {
		return err
	}
	return os.Rename(out.Name(), target)
}

func isAddress(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	return ok && (scheme == "http" || scheme == "https" || scheme == "file")
}

// open begins to read the origin.
func (f File) open(ctx context.Context) (io.ReadCloser, error) {
	if !isAddress(f.Origin) {
		if scheme, _, ok := strings.Cut(f.Origin, "://"); ok {
			return nil, fmt.Errorf("%s: %s addresses are not supported; http, https and file are", f.Origin, scheme)
		}
		return os.Open(f.Origin)
	}
	u, err := url.Parse(f.Origin)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "file" {
		if u.Host != "" && u.Host != "localhost" {
			return nil, fmt.Errorf("%s names a file of the machine %s; only this one's can be read", f.Origin, u.Host)
		}
		return os.Open(filepath.FromSlash(u.Path))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Origin, nil)
	if err != nil {
		return nil, err
	}
	client := f.Client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("%s: the server answers %s", f.Origin, res.Status)
	}
	return res.Body, nil
}
