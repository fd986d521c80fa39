package kerasfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// Members of a .keras archive.
const (
	metadataMember = "metadata.json"
	configMember   = "config.json"
	weightsMember  = "model.weights.h5"
	npzMember      = "model.weights.npz"
	assetsFolder   = "assets/"
)

// ErrRefused marks files that are refused for what they try, not for being damaged: names that leave the archive, bombs, pickles.
var ErrRefused = errors.New("refused")

// Metadata is the content of metadata.json.
type Metadata struct {
	KerasVersion string `json:"keras_version"`
	DateSaved    string `json:"date_saved"` // 2006-01-02@15:04:05, local time
}

// Archive is a .keras file, or a folder with the same members, open for reading.
type Archive struct {
	Metadata Metadata // zero if the archive has none
	Config   []byte   // config.json

	members members
	weights *hdf5.File
	close   func() error
}

// members gives access to what an archive or folder holds, by name.
type members interface {
	// names lists the members in stored order.
	names() []string
	// read returns a member's content of at most limit bytes; it fails with os.ErrNotExist if there is none.
	read(name string, limit uint64) ([]byte, error)
	// open returns a member for reading in place if that is possible, else from memory.
	open(name string) (io.ReaderAt, int64, error)
}

// OpenArchive opens a .keras archive, or a folder that holds an unpacked one. The caller closes it.
func OpenArchive(path string) (*Archive, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		m, err := openFolder(path)
		if err != nil {
			return nil, err
		}
		return newArchive(path, m, m.close)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	m, err := newZipMembers(f, st.Size())
	if err != nil {
		f.Close()
		return nil, inFile(path, err)
	}
	return newArchive(path, m, f.Close)
}

// NewArchive reads a .keras archive of the given size from r.
func NewArchive(r io.ReaderAt, size int64) (*Archive, error) {
	m, err := newZipMembers(r, size)
	if err != nil {
		return nil, err
	}
	return newArchive("", m, func() error { return nil })
}

func newArchive(path string, m members, close func() error) (*Archive, error) {
	a := &Archive{members: m, close: close}
	if err := a.load(); err != nil {
		close()
		if path != "" {
			err = inFile(path, err)
		}
		return nil, err
	}
	return a, nil
}

func (a *Archive) load() (err error) {
	if a.Config, err = a.members.read(configMember, maxConfig); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			err = fmt.Errorf("%s is missing; this is no Keras model", configMember)
		}
		return err
	}
	meta, err := a.members.read(metadataMember, maxMetadata)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(meta, &a.Metadata)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", metadataMember, err)
	}
	return nil
}

// Close closes what OpenArchive opened. Weights read from the archive stay valid.
func (a *Archive) Close() error { return a.close() }

// WeightsFile returns the weights as HDF5, read in place if the member is stored without compression.
func (a *Archive) WeightsFile() (*hdf5.File, error) {
	if a.weights != nil {
		return a.weights, nil
	}
	r, size, err := a.members.open(weightsMember)
	if errors.Is(err, os.ErrNotExist) {
		if slices.Contains(a.members.names(), npzMember) {
			return nil, fmt.Errorf("%s: %w: weights in numpy's pickled form can run code", npzMember, ErrRefused)
		}
		return nil, fmt.Errorf("%s is missing", weightsMember)
	}
	if err != nil {
		return nil, err
	}
	if a.weights, err = hdf5.NewReader(r, size); err != nil {
		return nil, fmt.Errorf("%s: %w", weightsMember, err)
	}
	return a.weights, nil
}

// Weights reads all weights.
func (a *Archive) Weights() (*Weights, error) {
	f, err := a.WeightsFile()
	if err != nil {
		return nil, err
	}
	w, err := ReadWeights(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", weightsMember, err)
	}
	return w, nil
}

// Assets lists the names of the archive's assets, without the folder "assets/".
func (a *Archive) Assets() []string {
	var out []string
	for _, n := range a.members.names() {
		if name, ok := strings.CutPrefix(n, assetsFolder); ok && name != "" && !strings.HasSuffix(name, "/") {
			out = append(out, name)
		}
	}
	return out
}

// Asset returns the content of one asset, for instance "layers/string_lookup/vocabulary.txt".
func (a *Archive) Asset(name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	b, err := a.members.read(assetsFolder+name, maxAsset)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("asset %q is missing", name)
	}
	return b, err
}

// Model is the content of a .keras archive to be written.
type Model struct {
	KerasVersion string
	Saved        time.Time // zero means now
	Config       []byte    // config.json
	Weights      *Weights
	Assets       map[string][]byte // by name below "assets/", such as "layers/string_lookup/vocabulary.txt"
}

// WriteArchive writes a .keras file, atomically: the same members in the same order as Keras, none of them compressed.
func WriteArchive(path string, m *Model) error {
	return writeAtomic(path, func(out io.Writer) error { return EncodeArchive(out, m) })
}

// EncodeArchive writes a .keras archive to out. The weights are gone through twice, once for their checksum.
func EncodeArchive(out io.Writer, m *Model) error {
	saved := m.Saved
	if saved.IsZero() {
		saved = time.Now()
	}
	meta := fmt.Sprintf(`{"keras_version": %q, "date_saved": %q}`, m.KerasVersion, saved.Format("2006-01-02@15:04:05"))
	if !json.Valid([]byte(meta)) {
		return fmt.Errorf("keras version %q", m.KerasVersion)
	}
	if !json.Valid(m.Config) {
		return errors.New("the configuration is no JSON")
	}
	w := m.Weights
	if w == nil {
		w = &Weights{}
	}
	root, err := w.plan()
	if err != nil {
		return err
	}
	weights, err := hdf5.Layout(root)
	if err != nil {
		return err
	}
	z := newZipWriter(out)
	// Keras dates the first two members at the start of zip's calendar.
	z.add(metadataMember, time.Time{}, bytes.NewBufferString(meta))
	z.add(configMember, time.Time{}, bytes.NewBuffer(m.Config))
	z.addOutput(weightsMember, saved, weights)
	for _, name := range slices.Sorted(maps.Keys(m.Assets)) {
		if err := checkName(name); err != nil {
			return err
		}
		z.add(assetsFolder+name, saved, bytes.NewBuffer(m.Assets[name]))
	}
	return z.close()
}
