package main

import (
	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/spec"
)

// showCommand prints a spec with all its defaults.
func (a *app) showCommand() *cobra.Command {
	var o overrides
	var to string
	var short bool
	c := &cobra.Command{
		Use:   "show FILE",
		Short: "Print a spec with overrides applied and every default filled in",
		Long:  "Show prints the spec as it would be run: overrides applied, every argument at its value. As YAML, a comment tells where each value comes from.",
		Args:  exactArgs(1, "one spec file"),
		RunE: func(_ *cobra.Command, args []string) error {
			e, err := a.parse(args[0], &o, "")
			if err != nil {
				return err
			}
			resolved, err := e.Resolved(!short)
			if err != nil {
				return err
			}
			var text []byte
			switch to {
			case "json":
				text = append(spec.JSON(resolved, 2), '\n')
			case "yaml":
				if text = spec.YAML(resolved); !short {
					text = e.Annotated(resolved)
				}
			default:
				return usagef("--to %s: there are yaml and json", to)
			}
			_, err = a.out.Write(text)
			return err
		},
	}
	o.flags(c)
	c.Flags().StringVar(&to, "to", "yaml", "yaml or json")
	c.Flags().BoolVar(&short, "short", false, "leave out what is at its default")
	return c
}
