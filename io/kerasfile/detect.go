package kerasfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// Format is a kind of file.
type Format int

// The formats that Detect knows.
const (
	Unknown        Format = iota
	KerasArchive          // .keras: zip, or the unpacked folder
	KerasWeights          // .weights.h5 of Keras 3 (and 2.12 on)
	LegacyModel           // .h5 with configuration and weights
	LegacyWeights         // .h5 with weights only
	ShardedWeights        // .weights.json
	JSON                  // architecture or other JSON text
	YAML                  // architecture or other YAML text
)

// String describes the format in a few words.
func (f Format) String() string {
	names := [...]string{"unknown format", "Keras archive", "Keras 3 weights", "legacy HDF5 model", "legacy HDF5 weights", "sharded Keras 3 weights", "JSON", "YAML"}
	if f < 0 || int(f) >= len(names) {
		f = Unknown
	}
	return names[f]
}

// DetectFile tells what a file, or a folder with an unpacked archive, is. Its name plays no part.
func DetectFile(path string) (Format, error) {
	st, err := os.Stat(path)
	if err != nil {
		return Unknown, err
	}
	if st.IsDir() {
		m, err := openFolder(path)
		if err != nil {
			return Unknown, err
		}
		defer m.close()
		if _, err := m.root.Lstat(configMember); err == nil {
			return KerasArchive, nil
		}
		return Unknown, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return Unknown, err
	}
	defer f.Close()
	format, err := Detect(f, st.Size())
	return format, inFile(path, err)
}

// Detect tells what the content of r is. An error means that it begins as a known format and is damaged; content of no known format is
// Unknown without an error.
func Detect(r io.ReaderAt, size int64) (Format, error) {
	head := make([]byte, min(size, 64<<10))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Unknown, err
	}
	if bytes.HasPrefix(head, []byte(zipSignature)) {
		m, err := newZipMembers(r, size)
		if err != nil {
			return Unknown, err
		}
		if m.index[configMember] != nil {
			return KerasArchive, nil
		}
		return Unknown, nil
	}
	if hasHDF5Signature(r, size) {
		f, err := hdf5.NewReader(r, size)
		if err != nil {
			return Unknown, err
		}
		return detectHDF5(f.Root())
	}
	return detectText(r, size, head), nil
}

// hasHDF5Signature looks where a superblock may be: at 0, 512, 1024, 2048 and so on.
func hasHDF5Signature(r io.ReaderAt, size int64) bool {
	b := make([]byte, 8)
	for off := int64(0); off+8 <= size; off = max(512, 2*off) {
		if _, err := r.ReadAt(b, off); err == nil && string(b) == "\x89HDF\r\n\x1a\n" {
			return true
		}
	}
	return false
}

func detectHDF5(root *hdf5.Group) (Format, error) {
	links, err := root.Links()
	if err != nil {
		return Unknown, err
	}
	if _, err := root.Attributes(); err != nil {
		return Unknown, err
	}
	if root.HasAttribute(attrModelConfig) || root.Has(modelWeightsGroup) {
		return LegacyModel, nil
	}
	if root.HasAttribute(attrLayerNames) || root.HasAttribute(attrLayerNames+"0") || root.Has("layer_0") {
		return LegacyWeights, nil
	}
	for _, l := range links {
		first, _, _ := strings.Cut(strings.ReplaceAll(l.Name, `\`, "/"), "/")
		switch first {
		case layersGroup, oldLayersGroup, varsGroup, "optimizer":
			return KerasWeights, nil
		}
	}
	return Unknown, nil
}

// yamlLine is a line that begins a mapping in a configuration.
var yamlLine = regexp.MustCompile(`(?m)^(- +)?["']?[A-Za-z_][A-Za-z0-9_ .-]*["']?:(\s|$)`)

func detectText(r io.ReaderAt, size int64, head []byte) Format {
	text := bytes.TrimPrefix(head, []byte("\ufeff"))
	valid := text
	for range utf8.UTFMax - 1 { // the head may end inside a character
		if utf8.Valid(valid) || len(valid) == 0 || len(head) == int(size) {
			break
		}
		valid = valid[:len(valid)-1]
	}
	if !utf8.Valid(valid) || bytes.IndexByte(valid, 0) >= 0 {
		return Unknown
	}
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) > 0 && text[0] == '{' {
		rest := bytes.TrimLeft(text[1:], " \t\r\n")
		if len(rest) > 0 && (rest[0] == '"' || rest[0] == '}') {
			return detectJSON(r, size)
		}
	}
	if yamlLine.Match(text) {
		return YAML
	}
	return Unknown
}

// detectJSON tells a map of shards, which is short, from other JSON.
func detectJSON(r io.ReaderAt, size int64) Format {
	if size > maxShardMap {
		return JSON
	}
	var m struct {
		WeightMap json.RawMessage `json:"weight_map"`
	}
	if json.NewDecoder(io.NewSectionReader(r, 0, size)).Decode(&m) == nil && len(m.WeightMap) > 0 {
		return ShardedWeights
	}
	return JSON
}
