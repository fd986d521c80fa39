package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// plotCommand draws the graph of the layers.
func (a *app) plotCommand() *cobra.Command {
	var o overrides
	var p keras.PlotOptions
	var out string
	var names bool
	c := &cobra.Command{
		Use:   "plot FILE|MODEL",
		Short: "Draw the layers and their connections as SVG or DOT",
		Long: "Plot draws the layers of a model and their connections: as SVG where the name of the output ends in .svg, " +
			"in Graphviz's language where it ends in .dot or .gv, or where no output is named.",
		Args: exactArgs(1, "one spec or model file"),
		RunE: func(_ *cobra.Command, args []string) error {
			draw := (*keras.Model).DOT
			switch filepath.Ext(out) {
			case ".svg":
				draw = (*keras.Model).SVG
			case ".dot", ".gv":
			default:
				if out != "" {
					return usagef("%s: the suffix is none of .svg .dot .gv", out)
				}
			}
			switch p.RankDir {
			case "TB", "BT", "LR", "RL":
			default:
				return usagef("--rankdir %s: there are TB, BT, LR and RL", p.RankDir)
			}
			m, err := a.model(args[0], &o)
			if err != nil {
				return err
			}
			p.HideLayerNames = !names
			text, err := draw(m, p)
			if err != nil {
				return invalidError{err}
			}
			if out == "" {
				_, err := io.WriteString(a.out, text)
				return err
			}
			return replaceFile(out, text)
		},
	}
	o.flags(c)
	c.Flags().StringVarP(&out, "output", "o", "", "file to write, .svg, .dot or .gv; DOT to standard output without it")
	c.Flags().BoolVar(&p.ShowShapes, "shapes", true, "write the shapes of inputs and outputs")
	c.Flags().BoolVar(&p.ShowDType, "dtype", false, "write the types of outputs")
	c.Flags().BoolVar(&p.ShowLayerActivations, "activations", false, "write the activations of layers that have one")
	c.Flags().BoolVar(&names, "names", true, "write the names of the layers")
	c.Flags().BoolVar(&p.ShowTrainable, "trainable", false, "show which layers are trained")
	c.Flags().BoolVar(&p.ExpandNested, "expand", false, "show the layers of models inside the model")
	c.Flags().StringVar(&p.RankDir, "rankdir", "TB", "direction of the arrows: TB, BT, LR, RL")
	return c
}

// replaceFile writes a file under a temporary name first: if that fails, the old
// file stays as it was.
func replaceFile(path, text string) error {
	tmp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()[:8]+".tmp")
	err := os.WriteFile(tmp, []byte(text), 0o666)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp)
		var p *os.PathError
		if errors.As(err, &p) { // without the temporary name
			err = p.Err
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
