package spec

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// FormatYAML returns a YAML text in canonical layout: two spaces of indentation, one space after colons and commas. Comments, blank lines (at most one in a row)
// and the choice between block and flow style are kept.
func FormatYAML(file string, data []byte) (formatted []byte, errs Errors) {
	src, text, err := newSource(file, data)
	if err != nil {
		return nil, Errors{err}
	}
	defer func() { // a defect of the YAML library must not take the program down
		if r := recover(); r != nil {
			p := &parser{src: src}
			formatted, errs = nil, Errors{errorf(p.at(1, 1, 1), CodeSyntax, "this text can't be formatted: %v", r)}
		}
	}()
	if _, es := parseText(src, text, 0); len(es) > 0 {
		return nil, es
	}
	p := &parser{src: src}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, Errors{p.syntax(err, text)}
	}
	if doc.Kind == 0 {
		return data, nil // nothing but comments
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, Errors{p.syntax(err, text)}
	}
	// The library drops blank lines. The tree it has printed has the same form as the one it read, so they can be put back by a walk over both.
	var out yaml.Node
	if err := yaml.Unmarshal(b.Bytes(), &out); err != nil {
		return nil, Errors{p.syntax(err, text)}
	}
	old, lines := src.lines, strings.Split(b.String(), "\n")
	blank := map[int]bool{} // lines of the output, from 0, that get a blank line before them
	var walk func(a, b *yaml.Node)
	walk = func(a, b *yaml.Node) {
		if from := aboveComments(old, a.Line-1); from > 0 && strings.TrimSpace(old[from-1]) == "" {
			if to := aboveComments(lines, b.Line-1); to > 0 {
				blank[to] = true
			}
		}
		for i := range min(len(a.Content), len(b.Content)) {
			walk(a.Content[i], b.Content[i])
		}
	}
	if doc.Kind == yaml.DocumentNode {
		walk(&doc, &out)
	}
	var res bytes.Buffer
	for i, l := range lines[:len(lines)-1] {
		if blank[i] && strings.TrimSpace(lines[i-1]) != "" {
			res.WriteByte('\n')
		}
		res.WriteString(l + "\n")
	}
	return res.Bytes(), nil
}

// aboveComments returns the first line of the comments directly above line, or line itself.
func aboveComments(lines []string, line int) int {
	for line > 0 && line <= len(lines) && strings.HasPrefix(strings.TrimSpace(lines[line-1]), "#") {
		line--
	}
	return line
}
