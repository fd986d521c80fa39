package spec

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxExpanded bounds the nodes that aliases may add to a document, so that a few nested anchors can't fill the memory.
const maxExpanded = 10_000

// Parse reads a YAML or JSON text into a tree with positions; file names it in messages. Duplicate keys, tags other than YAML's own (tuple and unicode of
// Python excepted), several documents, recursive or exploding anchors and integers with a leading zero are errors. An
// empty text is a Null node. The tree is nil if the text is malformed; it is complete otherwise, even if there are errors.
func Parse(file string, data []byte) (*Node, Errors) {
	src, text, err := newSource(file, data)
	if err != nil {
		return nil, Errors{err}
	}
	return parseText(src, text, 0)
}

// newSource splits a text into lines as YAML counts them.
func newSource(file string, data []byte) (*source, []byte, *Error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	src := &source{name: file}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return src, nil, notText(src, data)
	}
	src.lines = lineBreak.Split(string(data), -1)
	return src, data, nil
}

var lineBreak = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

// parseText parses text; col is added to the columns (for the value part of an override).
func parseText(src *source, text []byte, col int) (root *Node, es Errors) {
	p := &parser{src: src, shift: col, open: map[*yaml.Node]bool{}}
	defer func() { // a defect of the YAML library must not take the program down
		if r := recover(); r != nil {
			root, es = nil, Errors{errorf(p.at(1, 1, 1), CodeSyntax, "this text can't be read as YAML: %v", r)}
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(fromJSON(text)))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &Node{Kind: Null, Pos: p.at(1, 1, 1)}, nil
	case err != nil:
		return nil, Errors{p.syntax(err, text)}
	}
	if err := dec.Decode(&second); err == nil {
		p.fail(&second, CodeSyntax, "a second document starts here; one file holds one description")
	} else if !errors.Is(err, io.EOF) {
		return nil, Errors{p.syntax(err, text)}
	}
	n := &doc
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return &Node{Kind: Null, Pos: p.at(1, 1, 1)}, p.errs
		}
		n = n.Content[0]
	}
	root = p.node(n)
	p.errs.sort()
	return root, p.errs
}

var surrogates = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)

// fromJSON adapts what JSON allows and YAML does not: tabs between tokens and surrogate pairs in strings.
func fromJSON(text []byte) []byte {
	t := bytes.TrimLeft(text, " \t\r\n")
	if len(t) == 0 || t[0] != '{' && t[0] != '[' || !json.Valid(text) {
		return text
	}
	text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
	return surrogates.ReplaceAllFunc(text, func(m []byte) []byte {
		var s string
		if json.Unmarshal([]byte(`"`+string(m)+`"`), &s) != nil {
			return m
		}
		return []byte(s)
	})
}

type parser struct {
	src      *source
	line     int    // the line whose characters are in runes
	runes    []rune // files on one long line would cost quadratic time without this
	shift    int
	errs     Errors
	open     map[*yaml.Node]bool // anchors being expanded
	depth    int                 // of aliases
	expanded int
	stopped  bool // the expansion limit is reached
}

func (p *parser) fail(n *yaml.Node, code, format string, args ...any) *Error {
	e := errorf(p.pos(n), code, format, args...)
	p.errs = append(p.errs, e)
	return e
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

// node converts a node of the library.
func (p *parser) node(y *yaml.Node) *Node {
	n := &Node{Pos: p.pos(y)}
	if p.depth > 0 {
		if p.expanded++; p.expanded > maxExpanded {
			if !p.stopped {
				p.fail(y, CodeSyntax, "the anchors expand to more than %d values", maxExpanded)
			}
			p.stopped = true
			n.bad = true
			return n
		}
	}
	switch y.Kind {
	case yaml.AliasNode:
		return p.alias(y)
	case yaml.ScalarNode:
		p.scalar(y, n)
		return n
	case yaml.SequenceNode:
		n.Kind = Sequence
	case yaml.MappingNode:
		n.Kind = Mapping
	default:
		p.fail(y, CodeSyntax, "unexpected content")
		return n
	}
	if y.Anchor != "" {
		p.open[y] = true
		defer delete(p.open, y)
	}
	switch tag := y.ShortTag(); {
	case tag == "!!map" && y.Kind == yaml.MappingNode, tag == "!!seq" && y.Kind == yaml.SequenceNode,
		tag == "!!python/tuple" && y.Kind == yaml.SequenceNode:
	default:
		p.fail(y, CodeSyntax, "the tag %s is not allowed", tag).help("a description holds plain values only; tags that make objects are refused")
		n.bad = true
	}
	if y.Kind == yaml.SequenceNode {
		for _, c := range y.Content {
			if p.stopped {
				break
			}
			n.Items = append(n.Items, p.node(c))
		}
		return n
	}
	p.mapping(y, n)
	return n
}

func (p *parser) alias(y *yaml.Node) *Node {
	if y.Alias == nil || p.open[y.Alias] {
		p.fail(y, CodeSyntax, "the anchor *%s contains itself", y.Value)
		return &Node{Pos: p.pos(y), bad: true}
	}
	p.depth++
	defer func() { p.depth-- }()
	return p.node(y.Alias)
}

func (p *parser) mapping(y *yaml.Node, n *Node) {
	seen := map[string]*Node{}
	var merges []*yaml.Node
	for i := 0; i+1 < len(y.Content) && !p.stopped; i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Kind == yaml.ScalarNode && k.ShortTag() == "!!merge" {
			merges = append(merges, v)
			continue
		}
		key := p.node(k)
		val := p.node(v)
		if key.Kind == Sequence || key.Kind == Mapping {
			p.fail(k, CodeSyntax, "a key must be a plain word")
			continue
		}
		if key.Kind == Null && k.Value == "" && !key.Quoted {
			p.fail(k, CodeSyntax, "a key is missing before the colon")
			continue
		}
		if first := seen[key.Value]; first != nil {
			e := errorf(key.Pos, CodeDuplicate, "%q is given twice", key.Value)
			p.errs = append(p.errs, e.help("the first one is in line %d", first.Pos.Line))
			continue
		}
		seen[key.Value] = key
		n.Pairs = append(n.Pairs, Pair{key, val})
	}
	for _, m := range merges { // explicit keys win, then earlier merges
		p.merge(m, n, seen)
	}
}

// merge adds the pairs of a "<<:" value that n does not have.
func (p *parser) merge(y *yaml.Node, n *Node, seen map[string]*Node) {
	if p.stopped {
		return
	}
	v := p.node(y)
	list := []*Node{v}
	if v.Kind == Sequence {
		list = v.Items
	}
	for _, m := range list {
		if m.Kind != Mapping {
			p.fail(y, CodeType, "<< wants a mapping, or a list of mappings")
			return
		}
		for _, pair := range m.Pairs {
			if seen[pair.Key.Value] == nil {
				seen[pair.Key.Value] = pair.Key
				n.Pairs = append(n.Pairs, pair)
			}
		}
	}
}

var leadingZero = regexp.MustCompile(`^[-+]?0o?[0-9_]+$`)

// scalar sets the kind and the value of a scalar.
func (p *parser) scalar(y *yaml.Node, n *Node) {
	n.Value = y.Value
	n.Quoted = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	switch tag := y.ShortTag(); tag {
	case "!!null":
		n.Kind = Null
	case "!!bool":
		n.Kind = Bool
	case "!!int":
		n.Kind = Int
	case "!!float":
		n.Kind = Float
	case "!!str", "!!timestamp", "!!python/unicode", "!!python/str", "!!merge":
		n.Kind = String
	case "!!binary":
		n.Kind = String
		p.fail(y, CodeSyntax, "the tag !!binary is not allowed")
		n.bad = true
	default:
		n.Kind = String
		p.fail(y, CodeSyntax, "the tag %s is not allowed", tag).help("a description holds plain values only; tags that make objects are refused")
		n.bad = true
	}
	if n.Kind != Int && n.Kind != Float {
		return
	}
	if leadingZero.MatchString(y.Value) && !n.Quoted {
		dec := strings.TrimLeft(strings.TrimLeft(y.Value, "+-"), "0o_")
		p.fail(y, CodeSyntax, "%s starts with a zero, which makes it octal in YAML", y.Value).
			help("write %s for the decimal number, or %q for a string", cmp.Or(dec, "0"), y.Value)
		n.bad = true
		return
	}
	// An explicit tag can promise what the text does not hold.
	if _, ok := n.Float(); !ok && n.Kind == Float || n.Kind == Int && !intText.MatchString(y.Value) {
		p.fail(y, CodeType, "%q is no number", y.Value)
		n.bad = true
	}
}

var intText = regexp.MustCompile(`^[-+]?[0-9][0-9a-fA-FxXbB_]*$`)
