package keras

import (
	"fmt"
	"strings"
)

// DOT returns the graph of the layers in Graphviz's language, with the boxes of
// Keras's model_to_dot; `dot -Tpng` makes a picture of it. SVG needs no Graphviz.
// A model whose shapes are not known yet is an error.
func (m *Model) DOT(o PlotOptions) (string, error) {
	g, err := m.plot(&o)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "digraph G {\nrankdir=%s;\nconcentrate=true;\ndpi=200;\nsplines=%s;\nnode [shape=record];\n", o.RankDir, o.Splines)
	columns := 0
	if o.ShowShapes {
		columns += 2
	}
	if o.ShowDType {
		columns++
	}
	if o.ShowTrainable {
		columns++
	}
	g.dot(&b, "", columns)
	b.WriteString("}\n")
	return b.String(), nil
}

// dot writes nodes, clusters and edges; path is made of the names of the models around.
func (g *plotGroup) dot(b *strings.Builder, path string, columns int) {
	for _, n := range g.nodes {
		fmt.Fprintf(b, "%s [label=%s, fontname=Helvetica, border=0, margin=0];\n", dotID(n.id), n.dotLabel(columns))
	}
	for _, sub := range g.groups {
		inner := path + sub.name
		fmt.Fprintf(b, "subgraph %s {\nstyle=dashed;\nlabel=%s;\nlabeljust=l;\n", dotID("cluster_"+inner), dotID(sub.name))
		sub.dot(b, inner+"/", columns)
		b.WriteString("}\n")
	}
	for _, e := range g.edges {
		fmt.Fprintf(b, "%s -> %s [penwidth=2];\n", dotID(e[0].id), dotID(e[1].id))
	}
}

// dotLabel is a table: the title in white on black, below it the activation and one row of details.
// Keras's title spans as many columns as any layer may have.
func (n *plotNode) dotLabel(columns int) string {
	title := "<b>" + dotText(n.class) + "</b>"
	if n.name != "" {
		title = fmt.Sprintf("<b>%s</b> (%s)", dotText(n.name), dotText(n.class))
	}
	var cells strings.Builder
	for _, d := range n.details {
		fmt.Fprintf(&cells, `<td bgcolor="white"><font point-size="14">%s: <b>%s</b></font></td>`, d.key, dotText(d.value))
	}
	if n.trainable != "" {
		fmt.Fprintf(&cells, `<td bgcolor="%s"><font point-size="14" color="white"><b>%s</b></font></td>`, n.trainableColor(), n.trainable)
	}
	row := ""
	if n.activation != "" {
		row = fmt.Sprintf(`<tr><td bgcolor="white" colspan="%d"><font point-size="14">Activation: <b>%s</b></font></td></tr>`, max(1, columns), dotText(n.activation))
	}
	if cells.Len() > 0 {
		row += "<tr>" + cells.String() + "</tr>"
	}
	return fmt.Sprintf(`<<table border="0" cellborder="1" bgcolor="black" cellpadding="10"><tr><td colspan="%d" bgcolor="black">`+
		`<font point-size="16" color="white">%s</font></td></tr>%s</table>>`, max(1, columns), title, row)
}

func (n *plotNode) trainableColor() string {
	if n.trainable == "Trainable" {
		return "forestgreen"
	}
	return "firebrick"
}

// dotText escapes what tables would read as marks. Quotes stay, as Keras has them.
func dotText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// dotID quotes a name.
func dotID(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
