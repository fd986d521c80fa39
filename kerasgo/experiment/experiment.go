package experiment

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/spec"
)

// version is that of the form of spec files.
const version = 1

// Experiment is a parsed spec file. Sections that the file does not have are nil.
type Experiment struct {
	File string // name of the file, for messages
	Base string // folder that data paths start from
	Name string // given, or the file's name without suffix
	Seed *int

	DTypePolicy string // of layers without a dtype; empty means float32

	Data     data.Source
	Model    *Model
	Compile  *Compile
	Fit      *Fit
	Evaluate *Evaluate
	Save     *Save
	RunDir   Run

	Root  *spec.Node // the text, overrides applied
	Notes []string   // what the overrides changed beside their own value

	src       []byte
	overrides []Override
}

// Override is an assignment from the command line: path=value, or only a path to
// be removed.
type Override struct {
	Option string // what messages call it, such as "--set[2]"
	Text   string
	Unset  bool
}

// sections are the keys of a spec file in their order.
var sections = []string{"kerasgo", "name", "seed", "dtype_policy", "data", "model", "compile", "fit", "evaluate", "save", "run", "sweep"}

// Parse reads a spec file, applies the overrides in their order and decodes every
// section strictly. It returns all mistakes; the Experiment is complete only if
// there are none, but what could be read is there. A Keras config.json is a spec
// file with a model only.
func Parse(file string, src []byte, overrides []Override) (*Experiment, spec.Errors) {
	e := &Experiment{File: file, Base: filepath.Dir(file), src: src, overrides: overrides}
	e.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	root, errs := spec.Parse(file, src)
	if root == nil {
		return e, errs
	}
	e.Root = root
	if root.Kind == spec.Null {
		return e, append(errs, fail(root.Pos, spec.CodeMissing, "the file is empty", "see: kerasgo init"))
	}
	if root.Kind != spec.Mapping {
		return e, append(errs, fail(root.Pos, spec.CodeType, "a spec file is a mapping of sections", "the sections are: "+strings.Join(sections, ", ")))
	}
	isConfig := root.Get("class_name") != nil
	if isConfig {
		root = fromConfig(root)
		e.Root = root
	}
	for _, o := range overrides {
		if o.Unset {
			errs = append(errs, root.Unset(o.Option, o.Text)...)
			continue
		}
		note, es := root.Set(o.Option, o.Text)
		errs = append(errs, es...)
		if note != "" {
			e.Notes = append(e.Notes, note)
		}
	}
	for _, x := range e.decode() {
		// What the parser has refused is not looked at again.
		if !slices.ContainsFunc(errs, func(y *spec.Error) bool { return x.Pos == y.Pos }) {
			errs = append(errs, x)
		}
	}
	if isConfig && e.Compile != nil {
		e.Compile.JitCompile = nil // Keras always writes it; it has no effect here
	}
	if len(errs) == 0 {
		errs = e.checkSweep()
	}
	return e, errs.Sort()
}

// fromConfig makes the sections model and compile of Keras's config.json.
func fromConfig(root *spec.Node) *spec.Node {
	key := func(name string) *spec.Node { return &spec.Node{Kind: spec.String, Value: name, Pos: root.Pos} }
	n := &spec.Node{Kind: spec.Mapping, Pos: root.Pos, Pairs: []spec.Pair{{Key: key("model"), Val: root}}}
	if c := root.Get("compile_config"); c != nil && len(c.Pairs) > 0 {
		n.Pairs = append(n.Pairs, spec.Pair{Key: key("compile"), Val: c})
	}
	return n
}

// FromModel describes a model: its sections model and, if it is compiled, compile.
func FromModel(m *keras.Model) (*Experiment, error) {
	text, err := m.ToJSON()
	if err != nil {
		return nil, err
	}
	e, errs := Parse("config.json", []byte(text), nil)
	return e, errs.Err()
}

// decode reads the sections of e.Root.
func (e *Experiment) decode() spec.Errors {
	var errs spec.Errors
	for _, p := range e.Root.Pairs {
		n := p.Val
		switch p.Key.Value {
		case "kerasgo":
			if v, ok := n.Int(); !ok {
				errs = append(errs, fail(n.Pos, spec.CodeType, fmt.Sprintf("kerasgo wants the number %d, the version of the form of this file", version)))
			} else if v != version {
				errs = append(errs, fail(n.Pos, spec.CodeRange, fmt.Sprintf("this is form %d of spec files; this program reads form %d", v, version)))
			}
		case "name":
			errs = append(errs, e.decodeName(n)...)
		case "seed":
			errs = append(errs, e.decodeSeed(n)...)
		case "dtype_policy":
			var v struct {
				Policy string `keras:"dtype_policy,enum=float32|float64|mixed_bfloat16|mixed_float16|bfloat16|float16"`
			}
			errs = append(errs, decodeOne("dtype_policy", n, &v)...)
			e.DTypePolicy = v.Policy
		case "data":
			errs = append(errs, e.decodeData(n)...)
		case "model":
			m, es := decodeModel(n)
			e.Model = m
			errs = append(errs, es...)
		case "compile":
			e.Compile = new(Compile)
			errs = append(errs, spec.DecodeStruct(n, e.Compile)...)
		case "fit":
			e.Fit = new(Fit)
			errs = append(errs, spec.DecodeStruct(n, e.Fit)...)
		case "evaluate":
			e.Evaluate = new(Evaluate)
			errs = append(errs, spec.DecodeStruct(n, e.Evaluate)...)
		case "save":
			e.Save = new(Save)
			errs = append(errs, spec.DecodeStruct(n, e.Save)...)
		case "run":
			errs = append(errs, spec.DecodeStruct(n, &e.RunDir)...)
		case "sweep":
		default:
			errs = append(errs, unknownSection(p.Key))
		}
	}
	return errs
}

func (e *Experiment) decodeName(n *spec.Node) spec.Errors {
	switch {
	case n.Kind == spec.Null:
	case n.Kind != spec.String:
		return spec.Errors{fail(n.Pos, spec.CodeType, "name wants a string", fmt.Sprintf("put it in quotes: %q", n.Value))}
	case n.Value == "" || n.Value == "." || n.Value == ".." || strings.ContainsAny(n.Value, `/\:`) || strings.ContainsFunc(n.Value, func(r rune) bool { return r < ' ' }):
		return spec.Errors{fail(n.Pos, spec.CodeChoice, fmt.Sprintf("name %q can't be the name of a folder", n.Value))}
	default:
		e.Name = n.Value
	}
	return nil
}

func (e *Experiment) decodeSeed(n *spec.Node) spec.Errors {
	var v struct {
		Seed *int `keras:"seed,min=0"`
	}
	errs := decodeOne("seed", n, &v)
	e.Seed = v.Seed
	return errs
}

// decodeOne reads a value as the only argument of a struct.
func decodeOne(name string, n *spec.Node, v any) spec.Errors {
	key := &spec.Node{Kind: spec.String, Value: name, Pos: n.Pos}
	return spec.DecodeStruct(&spec.Node{Kind: spec.Mapping, Pos: n.Pos, Pairs: []spec.Pair{{Key: key, Val: n}}}, v)
}

// unknownSection makes the error for a key that is no section, most often because
// it stands too far to the left.
func unknownSection(key *spec.Node) *spec.Error {
	e := fail(key.Pos, spec.CodeUnknownArgument, fmt.Sprintf("there is no section %q", key.Value))
	if s := spec.Suggest(key.Value, sections); s != "" {
		e.Help = []string{fmt.Sprintf("did you mean %q?", s)}
		return e
	}
	for _, s := range Sections() {
		names := []string{}
		switch s.Name {
		case "model":
			names = slices.Concat(modelForms, []string{"layers"})
		default:
			if s.Value != nil {
				for _, f := range spec.Fields(reflect.TypeOf(s.Value)) {
					names = append(names, f.Name)
				}
			}
		}
		_, ok := spec.Lookup(s.Kind, key.Value)
		if ok || slices.Contains(names, key.Value) {
			e.Help = []string{fmt.Sprintf("indent it below %s:", s.Name)}
			return e
		}
	}
	e.Help = []string{"the sections are: " + strings.Join(sections, ", ")}
	return e
}

func (e *Experiment) decodeData(n *spec.Node) spec.Errors {
	if n.Kind == spec.Null {
		return nil
	}
	v, errs := spec.Decode(n, "data")
	if len(errs) > 0 {
		return errs
	}
	src, ok := v.(data.Source)
	if !ok {
		return spec.Errors{fail(n.Pos, spec.CodeType, fmt.Sprintf("data wants a data source, got %T", v))}
	}
	e.Data = src
	if c, ok := src.(data.Checker); ok {
		if err := c.Check(); err != nil {
			head, args := spec.Head(n)
			pos := head.Pos
			if arg, _, ok := strings.Cut(err.Error(), ":"); ok && args.Get(arg) != nil { // "reshape: …"
				pos = args.Get(arg).Pos
			}
			return spec.Errors{fail(pos, spec.CodeChoice, fmt.Sprintf("%s: %v", head.Value, err))}
		}
	}
	return nil
}

// section returns a node of the text by its path, as far as it exists.
func (e *Experiment) section(path ...string) *spec.Node {
	n := e.Root
	for _, k := range path {
		next := n.Get(k)
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// at returns the place of a key, or of the nearest section around it.
func (e *Experiment) at(path ...string) spec.Pos {
	n, pos := e.Root, e.Root.Pos
	for _, k := range path {
		i := -1
		if n != nil {
			i = slices.IndexFunc(n.Pairs, func(p spec.Pair) bool { return p.Key.Value == k })
		}
		if i < 0 {
			break
		}
		pos, n = n.Pairs[i].Key.Pos, n.Pairs[i].Val
	}
	return pos
}

// fail makes an error with help lines.
func fail(pos spec.Pos, code, msg string, help ...string) *spec.Error {
	return &spec.Error{Pos: pos, Code: code, Msg: msg, Help: help}
}

// SetOption is what messages call the i-th use of an option such as --set.
func SetOption(name string, i int) string { return fmt.Sprintf("--%s[%d]", name, i) }
