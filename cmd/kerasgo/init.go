package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/examples"
	"github.com/kerasgo/kerasgo/spec"
)

// initCommand writes a starter spec.
func (a *app) initCommand() *cobra.Command {
	var template string
	var list, force bool
	c := &cobra.Command{
		Use:   "init [NAME]",
		Short: "Write a commented spec file to start from",
		Long: "Init writes NAME.yaml, a commented spec file to start from.\n\n" +
			"Editors complete and check it once the schema lies beside it: kerasgo schema -o kerasgo.schema.json",
		Args: maxArgs(1, "one name at most"),
		RunE: func(_ *cobra.Command, args []string) error {
			names := templates()
			if list {
				for _, n := range names {
					fmt.Fprintln(a.out, n)
				}
				return nil
			}
			text, err := examples.Specs.ReadFile(template + ".yaml")
			if err != nil {
				hint := "there are " + strings.Join(names, ", ")
				if s := spec.Suggest(template, names); s != "" {
					hint = fmt.Sprintf("did you mean %q?", s)
				}
				return usagef("no template %q; %s", template, hint)
			}
			file := template + ".yaml"
			if len(args) == 1 {
				file = args[0]
				if filepath.Ext(file) == "" {
					file += ".yaml"
				}
			}
			return a.writeTemplate(file, string(text), force)
		},
	}
	c.Flags().StringVar(&template, "template", "mnist_cnn", "what to start from; see --list")
	c.Flags().BoolVar(&list, "list", false, "list the templates")
	c.Flags().BoolVar(&force, "force", false, "overwrite a file that exists")
	_ = c.RegisterFlagCompletionFunc("template", cobra.FixedCompletions(templates(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (a *app) writeTemplate(file, text string, force bool) error {
	text = strings.ReplaceAll(text, "../docs/kerasgo.schema.json", "kerasgo.schema.json")
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(file, flags, 0o666)
	if os.IsExist(err) {
		return usagef("%s exists; --force overwrites it", file)
	}
	if err != nil {
		return plainPathError(err)
	}
	_, err = f.WriteString(text)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	also, err := writeTables(filepath.Dir(file), text)
	if err != nil {
		return err
	}
	a.note("wrote %s; next: kerasgo fit %s", strings.Join(append([]string{file}, also...), " and "), file)
	return nil
}

// writeTables writes the tables that a template reads into a folder, unless they are there.
func writeTables(dir, text string) (written []string, err error) {
	tables, _ := fs.Glob(examples.Specs, "*.csv")
	for _, name := range tables {
		file := filepath.Join(dir, name)
		if _, err := os.Stat(file); err == nil || !strings.Contains(text, name) {
			continue
		}
		data, err := examples.Specs.ReadFile(name)
		if err == nil {
			err = os.WriteFile(file, data, 0o666)
		}
		if err != nil {
			return written, plainPathError(err)
		}
		written = append(written, file)
	}
	return written, nil
}

// templates lists the names of the templates.
func templates() []string {
	files, _ := fs.Glob(examples.Specs, "*.yaml") // the pattern is well-formed
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}
