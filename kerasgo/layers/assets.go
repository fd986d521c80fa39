package layers

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Names in Keras's files.
const (
	vocabularyFile = "vocabulary.txt"
	idfArray       = "idf_weights"
)

// ReadVocabulary reads a file of tokens, one a line, as Keras does.
func ReadVocabulary(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return vocabularyLines(text), nil
}

// lineEnds are the characters at which Python's splitlines ends a line.
const lineEnds = "\n\v\f\r\x1c\x1d\x1e\u0085\u2028\u2029"

// vocabularyLines splits a file of tokens into lines, those at the end that are empty
// left out.
func vocabularyLines(text []byte) []string {
	s := strings.ReplaceAll(string(text), "\r\n", "\n")
	var lines []string
	for s != "" {
		i := strings.IndexAny(s, lineEnds)
		if i < 0 {
			lines = append(lines, s)
			break
		}
		lines = append(lines, s[:i])
		_, size := utf8.DecodeRuneInString(s[i:])
		s = s[i+size:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// assets returns the vocabulary as lines, and the weights of tf_idf.
func (l *lookup[K]) assets() (map[string][]byte, map[string]*tensor.Tensor) {
	var arrays map[string]*tensor.Tensor
	if l.vocab != nil && l.vocab.idf != nil {
		arrays = map[string]*tensor.Tensor{idfArray: tensor.From(l.vocab.idf)}
	}
	if l.fixed {
		return nil, arrays
	}
	var lines []string
	for _, t := range l.all(true) {
		lines = append(lines, fmt.Sprint(t))
	}
	return map[string][]byte{vocabularyFile: []byte(strings.Join(lines, "\n"))}, arrays
}

// fromAssets returns the vocabulary of such a file; nil if it is an argument, or has no
// tokens yet.
func (l *lookup[K]) fromAssets(read func(name string) ([]byte, error), arrays map[string]*tensor.Tensor) (*vocabulary[K], error) {
	idf := arrays[idfArray]
	if l.mode == "tf_idf" && (idf == nil || idf.Shape().Rank() != 1) {
		return nil, errors.New("the file has no " + idfArray)
	}
	if l.fixed {
		if l.vocab != nil && idf != nil {
			v := *l.vocab
			v.idf = idf.Cast(tensor.Float32).Float32s()
			if len(v.idf) != len(l.vocab.idf) {
				return nil, fmt.Errorf("%s are %d, the vocabulary has %d", idfArray, len(v.idf), len(l.vocab.idf))
			}
			return &v, nil
		}
		return nil, nil
	}
	text, err := read(vocabularyFile)
	if err != nil {
		return nil, err
	}
	lines := vocabularyLines(text)
	tokens := make([]K, len(lines))
	for i, s := range lines {
		switch p := any(&tokens[i]).(type) {
		case *string:
			*p = s
		case *int64:
			if *p, err = strconv.ParseInt(strings.TrimSpace(s), 10, 64); err != nil {
				return nil, fmt.Errorf("%s:%d: %q is no whole number", vocabularyFile, i+1, s)
			}
		}
	}
	var weights []float64
	if l.mode == "tf_idf" {
		weights = tensor.Data[float64](idf.Cast(tensor.Float64))
		if l.pad && len(weights) > len(tokens) { // the padding is made anew
			weights = weights[:len(tokens)]
		}
	}
	if len(tokens) <= l.start() && l.size != nil && *l.size <= l.start() { // saved before it was adapted
		return nil, nil
	}
	v, err := l.set(tokens, weights)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", vocabularyFile, err)
	}
	return v, nil
}
