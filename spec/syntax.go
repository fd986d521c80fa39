package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

var syntaxHelp = []struct{ part, help string }{
	{"'-' indicator", `every line of a list starts with "- "; a line that ends the list is indented less`},
	{"expected key", "its indentation fits none of the lines above, or text follows a closing quote or bracket"},
	{"',' or ']'", "a [ is not closed, or a comma is missing"},
	{"',' or '}'", "a { is not closed, or a comma is missing"},
	{"expected ':'", "a colon, or the space after it, is missing"},
	{"violates indentation", "YAML does not allow tabs for indentation; use spaces"},
	{"cannot start any token", "text that starts with @, % or ` needs quotes"},
	{"mapping values are not allowed", "the line before has a value already, or the space after its colon is missing; text with a colon in it needs quotes"},
	{"block sequence entries are not allowed", "a list starts on a line of its own, below its key"},
	{"unexpected end of stream", "a quote is not closed"},
	{"unknown anchor", "*name needs an &name before it; text that starts with * needs quotes"},
	{"unknown escape character", `in double quotes \ starts an escape; use single quotes, or \\`},
}

// closeColon is a key in braces without the space after its colon.
var closeColon = regexp.MustCompile(`(\w+):([\[{"'\w])`)

// syntax locates an error of the YAML library. It knows at best the line on which the enclosing list or mapping starts, so the line is searched.
func (p *parser) syntax(err error, text []byte) *Error {
	msg := strings.ReplaceAll(err.Error(), "\n", " ")
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		msg = m[2]
	}
	pos := p.at(1, 1, maxUnderline)
	if !p.src.override {
		if pos, msg, ok := p.syntaxJSON(text); ok {
			return errorf(pos, CodeSyntax, "%s", msg)
		}
		pos = p.at(brokenLine(text, err), 1, 1)
		pos.Width = 0 // no caret: the column is not known
	}
	e := errorf(pos, CodeSyntax, "%s", msg)
	line := p.src.lines[pos.Line-1]
	for _, h := range syntaxHelp {
		switch {
		case !strings.Contains(msg, h.part):
			continue
		case h.part == "cannot start any token" && strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
			return e.help("YAML does not allow tabs for indentation; use spaces")
		case h.part == "',' or '}'" && closeColon.MatchString(line):
			return e.help("a colon needs a space after it: %s", closeColon.ReplaceAllString(closeColon.FindString(line), "$1: $2…"))
		}
		return e.help("%s", h.help)
	}
	return e
}

// brokenLine returns the number of the first line with which the text, cut off after it, has the error.
func brokenLine(text []byte, err error) int {
	ends := lineBreak.FindAllIndex(text, -1)
	k := sort.Search(len(ends), func(i int) bool {
		cut := readYAML(text[:ends[i][1]])
		return cut != nil && cut.Error() == err.Error()
	})
	return k + 1
}

// readYAML returns the YAML library's error about a text.
func readYAML(text []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = nil
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for range 2 {
		var doc yaml.Node
		if err := dec.Decode(&doc); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
	return nil
}

// syntaxJSON locates a mistake in what is JSON by its look: an object with a quoted key.
func (p *parser) syntaxJSON(text []byte) (Pos, string, bool) {
	t := bytes.TrimLeft(text, " \t\r\n")
	if len(t) == 0 || t[0] != '{' || !bytes.HasPrefix(bytes.TrimLeft(t[1:], " \t\r\n"), []byte(`"`)) {
		return Pos{}, "", false
	}
	var syntax *json.SyntaxError
	var v any
	if !errors.As(json.Unmarshal(text, &v), &syntax) {
		return Pos{}, "", false
	}
	before := text[:max(0, min(int(syntax.Offset)-1, len(text)))]
	line, start := 1, 0
	for _, b := range lineBreak.FindAllIndex(before, -1) {
		line, start = line+1, b[1]
	}
	return p.at(line, utf8.RuneCount(before[start:])+1, 1), "malformed JSON: " + syntax.Error(), true
}

// notText makes the error for bytes that are no text in UTF-8, with its place in what can be shown of them.
func notText(src *source, data []byte) *Error {
	bad, msg := bytes.IndexByte(data, 0), "a NUL byte stands here; this is no text"
	for i := 0; i < len(data) && (bad < 0 || i < bad); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			bad, msg = i, "this is no text in UTF-8"
		}
		i += n
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		bad, msg = 0, "this text is in UTF-16; save it in UTF-8"
	}
	shown := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(string(data), string(utf8.RuneError)))
	src.lines = lineBreak.Split(shown, -1)
	line, start := 1, 0
	for _, b := range lineBreak.FindAllIndex(data[:bad], -1) {
		line, start = line+1, b[1]
	}
	p := &parser{src: src}
	return errorf(p.at(line, utf8.RuneCount(data[start:bad])+1, 1), CodeSyntax, "%s", msg)
}

// missingSpace tells how to write a word in which the space after the colon is missing, "epochs:10", or "" if it is none.
func missingSpace(word string) string {
	key, val, ok := strings.Cut(word, ":")
	if !ok || key == "" || val == "" || strings.Contains(key, " ") || strings.HasPrefix(val, "/") || strings.HasPrefix(val, `\`) {
		return ""
	}
	if _, err := strconv.Atoi(key); err == nil { // 1:30
		return ""
	}
	return key + ": " + val
}
