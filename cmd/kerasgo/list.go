package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/spec"
)

// kinds are what can be listed: the word of the command and the kind of class.
var kinds = [][2]string{
	{"layers", "layer"}, {"activations", "activation"}, {"initializers", "initializer"}, {"regularizers", "regularizer"}, {"constraints", "constraint"},
	{"losses", "loss"}, {"metrics", "metric"}, {"optimizers", "optimizer"}, {"schedules", "schedule"}, {"callbacks", "callback"}, {"data", "data"},
}

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k[0])
	}
	return names
}

// listCommand lists the registered classes.
func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "list [" + strings.Join(kindNames(), "|") + "]",
		Short:             "List what exists: layers, optimizers, losses, …",
		Args:              maxArgs(1, "one kind at most"),
		ValidArgsFunction: cobra.FixedCompletions(kindNames(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			wanted := kinds
			if len(args) == 1 {
				i := slices.IndexFunc(kinds, func(k [2]string) bool { return args[0] == k[0] || args[0] == k[1] })
				if i < 0 {
					hint := "there are " + strings.Join(kindNames(), ", ")
					if s := spec.Suggest(args[0], kindNames()); s != "" {
						hint = fmt.Sprintf("did you mean %q?", s)
					}
					return usagef("list %s: %s", args[0], hint)
				}
				wanted = kinds[i : i+1]
			}
			if a.format == "json" {
				return a.listJSON(wanted)
			}
			for i, k := range wanted {
				if len(wanted) > 1 {
					if i > 0 {
						fmt.Fprintln(a.out)
					}
					fmt.Fprintln(a.out, k[0]+":")
				}
				if err := a.listKind(k[1], len(wanted) > 1); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (a *app) listKind(kind string, indent bool) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, c := range spec.Classes(kind) {
		if indent {
			fmt.Fprint(w, "  ")
		}
		doc := firstSentence(c.Doc().Text)
		if doc == "" {
			fmt.Fprintln(w, c.Name)
		} else {
			fmt.Fprintf(w, "%s\t%s\n", c.Name, doc)
		}
	}
	return w.Flush()
}

func (a *app) listJSON(wanted [][2]string) error {
	list := []any{}
	for _, k := range wanted {
		for _, c := range spec.Classes(k[1]) {
			list = append(list, spec.NewObject("name", c.Name, "kind", c.Kind, "module", c.Module, "doc", firstSentence(c.Doc().Text)))
		}
	}
	_, err := a.out.Write(append(spec.JSON(list, 2), '\n'))
	return err
}

// firstSentence returns the first sentence of a doc comment on one line.
func firstSentence(text string) string {
	text, _, _ = strings.Cut(text, "\n\n")
	text = strings.Join(strings.Fields(text), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	if head, ok := strings.CutSuffix(text, ":"); ok { // a formula follows
		text = head + "."
	}
	return text
}
