package kerasfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zip"
)

// Limits, the same as Keras's or tighter.
const (
	maxMetadata = 1 << 20
	maxConfig   = 256 << 20
	maxAsset    = 256 << 20
	maxUnpacked = 256 << 20 // bytes a compressed member may have ...
	maxRatio    = 100       // ... or times its stored size
	maxMembers  = 1 << 16
)

// zipSignature begins an archive that has members.
const zipSignature = "PK\x03\x04"

// checkName refuses member names that would lead out of the archive's folder, on any system.
func checkName(name string) error {
	bad := name == "" || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\:\x00")
	for p := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		bad = bad || p == "" || p == "." || p == ".."
	}
	if bad {
		return fmt.Errorf("member %q: %w: the name leads out of the archive", name, ErrRefused)
	}
	return nil
}

// zipMembers reads a zip archive.
type zipMembers struct {
	r     io.ReaderAt
	size  int64
	files []*zip.File
	index map[string]*zip.File
}

func newZipMembers(r io.ReaderAt, size int64) (*zipMembers, error) {
	// Zip readers accept anything in front of an archive; a file that is two things at once is no Keras file.
	head := make([]byte, len(zipSignature))
	if _, err := r.ReadAt(head, 0); err != nil || string(head) != zipSignature {
		return nil, zip.ErrFormat
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(z.File) > maxMembers {
		return nil, fmt.Errorf("%w: %d members", ErrRefused, len(z.File))
	}
	m := &zipMembers{r: r, size: size, files: z.File, index: map[string]*zip.File{}}
	for _, f := range z.File {
		if err := checkName(f.Name); err != nil {
			return nil, err
		}
		if _, ok := m.index[f.Name]; ok {
			return nil, fmt.Errorf("member %q: %w: it occurs twice", f.Name, ErrRefused)
		}
		m.index[f.Name] = f
	}
	return m, nil
}

func (m *zipMembers) names() []string {
	out := make([]string, len(m.files))
	for i, f := range m.files {
		out[i] = f.Name
	}
	return out
}

// find returns a member after checking what its headers declare.
func (m *zipMembers) find(name string, limit uint64) (*zip.File, error) {
	f := m.index[name]
	if f == nil {
		return nil, fmt.Errorf("member %q: %w", name, os.ErrNotExist)
	}
	refuse := func(format string, a ...any) error {
		return fmt.Errorf("member %q: %w: %s", name, ErrRefused, fmt.Sprintf(format, a...))
	}
	size, stored := f.UncompressedSize64, f.CompressedSize64
	switch {
	case f.Flags&1 != 0:
		return nil, refuse("it is encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return nil, refuse("compression method %d", f.Method)
	case !f.Mode().IsRegular():
		return nil, refuse("it is no regular file")
	case stored > uint64(m.size) || f.Method == zip.Store && stored != size:
		return nil, refuse("%d bytes declared, %d stored, in a file of %d", size, stored, m.size)
	case size > limit:
		return nil, refuse("%d bytes, the limit is %d", size, limit)
	case size > maxUnpacked && size/maxRatio >= max(stored, 1):
		return nil, refuse("%d bytes from %d stored ones", size, stored)
	}
	return f, m.checkLocal(f)
}

// checkLocal compares the header in front of a member with the directory's: two programs must not see two archives.
func (m *zipMembers) checkLocal(f *zip.File) error {
	const headerSize = 30
	off, err := f.DataOffset()
	if err != nil {
		return fmt.Errorf("member %q: %w", f.Name, err)
	}
	// Name and extra field lie between the fixed header and the data; the signature tells where it starts.
	window := make([]byte, min(off, headerSize+2*0xffff))
	if _, err := m.r.ReadAt(window, off-int64(len(window))); err != nil {
		return fmt.Errorf("member %q: %w", f.Name, err)
	}
	for i := len(window) - headerSize; i >= 0; i-- {
		h := window[i:]
		if string(h[:4]) != zipSignature {
			continue
		}
		flags := binary.LittleEndian.Uint16(h[6:])
		nameLen, extraLen := int(binary.LittleEndian.Uint16(h[26:])), int(binary.LittleEndian.Uint16(h[28:]))
		if headerSize+nameLen+extraLen != len(h) {
			continue
		}
		crc, stored, size := binary.LittleEndian.Uint32(h[14:]), binary.LittleEndian.Uint32(h[18:]), binary.LittleEndian.Uint32(h[22:])
		same := string(h[headerSize:headerSize+nameLen]) == f.Name && binary.LittleEndian.Uint16(h[8:]) == f.Method
		const later, zip64 = 8, 0xffffffff // sizes follow the data; sizes are in the extra field
		if flags&later == 0 {
			same = same && crc == f.CRC32 && (stored == zip64 || uint64(stored) == f.CompressedSize64) && (size == zip64 || uint64(size) == f.UncompressedSize64)
		}
		if same {
			return nil
		}
		break
	}
	return fmt.Errorf("member %q: %w: its own header and the archive's directory differ", f.Name, ErrRefused)
}

func (m *zipMembers) read(name string, limit uint64) ([]byte, error) {
	f, err := m.find(name, limit)
	if err != nil {
		return nil, err
	}
	return unpack(f)
}

// unpack grows its buffer with what really comes, not with what is declared; the zip reader compares size and checksum at the end.
func unpack(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", f.Name, err)
	}
	defer r.Close()
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err == nil && uint64(n) != f.UncompressedSize64 {
		err = fmt.Errorf("%d bytes where %d are declared", n, f.UncompressedSize64)
	}
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", f.Name, err)
	}
	return b.Bytes(), nil
}

func (m *zipMembers) open(name string) (io.ReaderAt, int64, error) {
	f, err := m.find(name, 1<<62)
	if err != nil {
		return nil, 0, err
	}
	if f.Method != zip.Store {
		b, err := unpack(f)
		return bytes.NewReader(b), int64(len(b)), err
	}
	off, err := f.DataOffset()
	if err != nil {
		return nil, 0, fmt.Errorf("member %q: %w", name, err)
	}
	r := io.NewSectionReader(m.r, off, int64(f.CompressedSize64))
	// One pass for the checksum: a flipped bit in a weight would otherwise stay unnoticed.
	sum := crc32.NewIEEE()
	if n, err := io.Copy(sum, io.NewSectionReader(r, 0, r.Size())); err != nil || n != r.Size() || sum.Sum32() != f.CRC32 {
		return nil, 0, fmt.Errorf("member %q: %d of %d bytes, checksum %08x where %08x must be: the file is damaged", name, n, r.Size(), sum.Sum32(), f.CRC32)
	}
	return r, r.Size(), nil
}
