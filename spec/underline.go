package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// at returns a position inside the text, whatever the library reported.
func (p *parser) at(line, col, width int) Pos {
	line = min(max(line, 1), len(p.src.lines))
	col = max(col, 1) + p.shift
	n := len(p.chars(line))
	col = min(col, n+1)
	return Pos{Line: line, Col: col, Width: max(1, min(width, n-col+1)), src: p.src}
}

// chars returns the characters of a line.
func (p *parser) chars(line int) []rune {
	if p.line != line {
		p.line, p.runes = line, []rune(p.src.lines[line-1])
	}
	return p.runes
}

// maxUnderline bounds the text that is scanned to find the end of a value.
const maxUnderline = 200

func (p *parser) pos(n *yaml.Node) Pos {
	pos := p.at(n.Line, n.Column, 1)
	pos.Width = p.width(n, pos)
	return pos
}

// width measures what to underline: the text of a scalar or flow collection as far as it stands on its first line.
func (p *parser) width(n *yaml.Node, pos Pos) int {
	line := p.chars(pos.Line)[pos.Col-1:]
	line = line[:min(len(line), maxUnderline)]
	var end int
	switch {
	case n.Kind == yaml.AliasNode:
		end = 1 + len([]rune(n.Value))
	case n.Kind == yaml.SequenceNode || n.Kind == yaml.MappingNode:
		if n.Style&yaml.FlowStyle == 0 {
			if len(n.Content) > 0 && n.Content[0].Line == n.Line && n.Content[0].Kind == yaml.ScalarNode && n.Kind == yaml.MappingNode {
				return p.pos(n.Content[0]).Width
			}
			return 1
		}
		end = flowEnd(line)
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		end = quoteEnd(line)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		end = 1
	default:
		if v := []rune(n.Value); strings.HasPrefix(string(line), n.Value) {
			end = len(v)
		} else if end = strings.IndexAny(string(line), " ,]}"); end < 0 {
			end = len(line)
		}
	}
	return max(1, min(end, len(line)))
}

// quoteEnd returns the length of the quoted text at the start of line.
func quoteEnd(line []rune) int {
	if len(line) == 0 {
		return 0
	}
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\' && line[0] == '"':
			i++
		case line[i] == line[0] && line[0] == '\'' && i+1 < len(line) && line[i+1] == '\'':
			i++
		case line[i] == line[0]:
			return i + 1
		}
	}
	return len(line)
}

// flowEnd returns the length of the bracketed text at the start of line.
func flowEnd(line []rune) int {
	depth := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth <= 0 {
				return i + 1
			}
		case '"', '\'':
			i += max(quoteEnd(line[i:])-1, 0)
		}
	}
	return len(line)
}
