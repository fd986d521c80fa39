// Kerasgo trains, evaluates and runs Keras models from the command line: what to do
// stands in a spec file (kerasgo init writes one) or follows from a model file.
//
// Results go to standard output, progress and messages to standard error. The exit
// status is 0 when all went well, 1 when the run failed, 2 for wrong usage, 3 for an
// invalid spec or model file, and 130 after Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	_ "github.com/kerasgo/kerasgo/kerasgo/callbacks" // registered classes
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
	_ "github.com/kerasgo/kerasgo/spec/docs" // their documentation
)

// Exit statuses.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInvalid     = 3
	exitInterrupted = 130
)

func main() { os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr)) }

// app holds the global flags and where output goes.
type app struct {
	out, err io.Writer
	quiet    bool
	verbose  bool
	color    string
	format   string
	threads  int
	seed     int
	seedSet  bool
	saving   atomic.Bool // what is done will be saved when it is interrupted
}

// execute runs the command line and returns the exit status.
func execute(args []string, out, errOut io.Writer) int {
	a := &app{out: out, err: errOut}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	ctx, stop := a.interruptible()
	defer stop()
	return a.status(root.ExecuteContext(ctx))
}

// root makes the command with all its subcommands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "kerasgo COMMAND [FILE] [flags]",
		Short:         "Keras in Go: models trained, evaluated and run from spec files",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			var names []string
			for _, sub := range c.Commands() {
				names = append(names, sub.Name())
			}
			if s := spec.Suggest(args[0], names); s != "" {
				return usagef("unknown command %q; did you mean %q?", args[0], s)
			}
			return usagef("unknown command %q; see: kerasgo help", args[0])
		},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			a.seedSet = c.Flags().Changed("seed")
			return a.settings()
		},
	}
	root.SetVersionTemplate("kerasgo {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	f := root.PersistentFlags()
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no progress and no notes")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "show the table of layers before training")
	f.StringVar(&a.color, "color", "auto", "colours: auto, always, never")
	f.StringVar(&a.format, "format", "text", "form of errors and lists: text, json, github")
	f.IntVar(&a.threads, "threads", 0, "threads that compute; 0 means as many as the machine has")
	f.IntVar(&a.seed, "seed", 0, "seed of all random numbers, in place of the spec's")
	for flag, values := range map[string][]string{"color": {"auto", "always", "never"}, "format": {"text", "json", "github"}} {
		_ = root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	root.AddCommand(a.initCommand(), a.validateCommand(), a.showCommand(), a.summaryCommand(), a.plotCommand(), a.fitCommand(), a.evaluateCommand(),
		a.predictCommand(), a.convertCommand(), a.listCommand(), a.schemaCommand(), a.doctorCommand(), a.versionCommand())
	root.SetHelpCommand(a.helpCommand(root))
	return root
}

var (
	flagValue = regexp.MustCompile(`^invalid argument (".*") for "(.*)" flag: strconv\.Parse(\w+):`)
	flagName  = regexp.MustCompile(`^unknown flag: --(\S+)`)
	flagUsage = regexp.MustCompile(`--([a-z][a-z-]*)`)
)

// flagError says what is wrong with a flag without Go's names, and which one was meant.
func flagError(c *cobra.Command, err error) error {
	if m := flagValue.FindStringSubmatch(err.Error()); m != nil {
		want := "an integer"
		if m[3] == "Bool" {
			want = "true or false"
		}
		return usagef("%s wants %s, got %s", m[2], want, m[1])
	}
	hint := "see: " + c.CommandPath() + " --help"
	if m := flagName.FindStringSubmatch(err.Error()); m != nil {
		var names []string
		for _, f := range flagUsage.FindAllStringSubmatch(c.Flags().FlagUsages()+c.InheritedFlags().FlagUsages(), -1) {
			names = append(names, f[1])
		}
		if s := spec.Suggest(m[1], names); s != "" {
			hint = "did you mean --" + s + "?"
		}
	}
	return usagef("%v; %s", err, hint)
}

// settings checks the global flags and puts them to use.
func (a *app) settings() error {
	switch {
	case !slices.Contains([]string{"auto", "always", "never"}, a.color):
		return usagef("--color %s: there are auto, always and never", a.color)
	case !slices.Contains([]string{"text", "json", "github"}, a.format):
		return usagef("--format %s: there are text, json and github", a.format)
	case a.threads < 0 || a.threads > 1024:
		return usagef("--threads %d: a number from 1 to 1024 is wanted", a.threads)
	case a.seed < 0:
		return usagef("--seed %d: a number from 0 is wanted", a.seed)
	}
	if a.threads > 0 { // read when the first model runs
		if err := os.Setenv("KERASGO_THREADS", strconv.Itoa(a.threads)); err != nil {
			return err
		}
	}
	if _, err := run.Threads(); err != nil {
		return usagef("%v", err)
	}
	if err := kernel.InitErr(); err != nil {
		return usagef("%v", err)
	}
	return nil
}

// progress is where progress and notes go.
func (a *app) progress() io.Writer {
	if a.quiet {
		return io.Discard
	}
	return a.err
}

func (a *app) note(format string, args ...any) { fmt.Fprintf(a.progress(), format+"\n", args...) }

// colored tells whether to write colours to w.
func (a *app) colored(w io.Writer) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// usageError is a wrong command line.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// invalidError is a spec or model file that can't be used.
type invalidError struct{ error }

func (e invalidError) Unwrap() error { return e.error }

// status prints an error and returns the exit status.
func (a *app) status(err error) int {
	var usage *usageError
	var invalid invalidError
	var mistakes spec.Errors
	var unreadable experiment.DataError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &unreadable):
		_ = spec.Errors{unreadable.Mistake}.Write(a.err, spec.Report{Format: a.format, Color: a.colored(a.err)})
		return exitFailed
	case errors.As(err, &mistakes):
		_ = mistakes.Write(a.err, spec.Report{Format: a.format, Color: a.colored(a.err), Outcome: outcome(err)})
		return exitInvalid
	case errors.Is(err, experiment.ErrInterrupted), errors.Is(err, context.Canceled):
		fmt.Fprintln(a.err, "kerasgo: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(a.err, "kerasgo:", strings.TrimPrefix(err.Error(), "keras: "))
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &invalid):
		return exitInvalid
	}
	return exitFailed
}

// withOutcome says what did not happen because of mistakes in a spec.
type withOutcome struct {
	spec.Errors
	outcome string
}

func (e withOutcome) Unwrap() error { return e.Errors }

func outcome(err error) string {
	var o withOutcome
	if errors.As(err, &o) {
		return o.outcome
	}
	return ""
}

// exactArgs wants n arguments and says which.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s wants %s; see: %s --help", c.Name(), what, c.CommandPath())
		}
		return nil
	}
}

func maxArgs(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return usagef("%s wants %s; see: %s --help", c.Name(), what, c.CommandPath())
		}
		return nil
	}
}

func minArgs(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("%s wants %s; see: %s --help", c.Name(), what, c.CommandPath())
		}
		return nil
	}
}
