package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/kerasgo/experiment"
)

//go:generate go run . schema -o ../../docs/kerasgo.schema.json

// schemaCommand prints the JSON Schema of spec files.
func (a *app) schemaCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of spec files, for editors",
		Args:  exactArgs(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			text, err := experiment.Schema()
			if err != nil {
				return err
			}
			if file != "" {
				return os.WriteFile(file, text, 0o644)
			}
			_, err = a.out.Write(text)
			return err
		},
	}
	c.Flags().StringVarP(&file, "output", "o", "", "file to write instead of standard output")
	return c
}
