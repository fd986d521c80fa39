package main

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
)

// helpCommand explains a command, a registered class or a section of spec files.
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND|CLASS|SECTION]",
		Short: "Help about a command, a class such as Conv2D, or a section such as fit",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return helpTopics(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return root.Help()
			}
			if c, _, err := root.Find(args); err == nil && c != root {
				if err := c.Help(); err != nil {
					return err
				}
				a.section(args[0])
				return nil
			}
			return a.explain(root, args[0])
		},
	}
}

// explain prints the documentation of everything of that name.
func (a *app) explain(root *cobra.Command, name string) error {
	found := false
	for _, c := range spec.Classes("") {
		if c.Name != name && !slices.Contains(c.Aliases, name) && !slices.Contains(c.Strings, name) && spec.SnakeCase(c.Name) != name {
			continue
		}
		if found {
			fmt.Fprintln(a.out)
		}
		found = true
		writeClass(a.out, c)
	}
	if found || a.section(name) {
		return nil
	}
	hint := "see: kerasgo list"
	if s := spec.Suggest(name, helpTopics(root)); s != "" {
		hint = fmt.Sprintf("did you mean %q?", s)
	}
	return usagef("nothing is called %q; %s", name, hint)
}

// section prints the arguments of a section of spec files, if there is one of that name.
func (a *app) section(name string) bool {
	for _, s := range experiment.Sections() {
		if s.Name == name && s.Value != nil {
			fmt.Fprintf(a.out, "\nSection %s of spec files: %s\n", s.Name, s.Doc)
			writeArguments(a.out, spec.Fields(structOf(s.Value)), spec.TypeDoc(structOf(s.Value)).Fields)
			return true
		}
	}
	return false
}

// helpTopics lists what help can explain.
func helpTopics(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	for _, c := range spec.Classes("") {
		names = append(names, c.Name)
	}
	for _, s := range experiment.Sections() {
		if s.Value != nil {
			names = append(names, s.Name)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// writeClass prints a class: how to write it, what it does, its arguments.
func writeClass(w io.Writer, c *spec.Class) {
	fmt.Fprintf(w, "%s.%s (%s)\n", c.Module, c.Name, c.Kind)
	if len(c.Aliases) > 0 {
		fmt.Fprintf(w, "also called %s\n", strings.Join(c.Aliases, ", "))
	}
	doc := c.Doc()
	if doc.Text != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(doc.Text))
	}
	if c.Func == nil {
		writeArguments(w, c.Fields, doc.Fields)
	}
}

// writeArguments prints a list of arguments.
func writeArguments(w io.Writer, fields []spec.Field, docs map[string]string) {
	if len(fields) == 0 {
		return
	}
	fmt.Fprintln(w, "\nArguments:")
	for i := range fields {
		f := &fields[i]
		var notes []string
		switch {
		case f.Required:
			notes = append(notes, "required")
		case f.HasDefault && strings.HasPrefix(f.Default, "@"):
			notes = append(notes, "default: that of "+f.Default[1:])
		case f.HasDefault && f.Default != "":
			notes = append(notes, "default "+strings.ReplaceAll(f.Default, "|", ", "))
		}
		if len(f.Enum) > 0 {
			notes = append(notes, strings.Join(f.Enum, " | "))
		}
		if bounds := f.Bounds(); bounds != "" {
			notes = append(notes, bounds)
		}
		if f.Pos {
			notes = append(notes, "may stand alone")
		}
		line := "  " + f.Name + ": " + typeName(f)
		if len(notes) > 0 {
			line += " (" + strings.Join(notes, "; ") + ")"
		}
		fmt.Fprintln(w, line)
		if d := strings.Join(strings.Fields(docs[f.Name]), " "); d != "" {
			fmt.Fprintln(w, "      "+d)
		}
	}
}

// typeName describes the values an argument takes.
func typeName(f *spec.Field) string {
	if len(f.Kinds) > 0 {
		s := strings.Join(f.Kinds, " or ")
		if f.Type.Kind() == reflect.Slice {
			s = "list of " + s + "s"
		}
		return s
	}
	return goTypeName(f.Type)
}

func goTypeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return goTypeName(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.String:
		return "string"
	case reflect.Array:
		return fmt.Sprintf("%s, or a list of %d", goTypeName(t.Elem()), t.Len())
	case reflect.Slice:
		return "list of " + goTypeName(t.Elem()) + "s"
	case reflect.Map:
		return "mapping from " + goTypeName(t.Key()) + " to " + goTypeName(t.Elem())
	case reflect.Struct:
		return "mapping"
	}
	return "value"
}

func structOf(v any) reflect.Type { return reflect.TypeOf(v) }
