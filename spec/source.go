package spec

import (
	"fmt"
	"reflect"
)

func complete1(v any, print func(any, string) (string, error)) (string, error) {
	done, err := CompleteAny(v)
	if err != nil {
		return "", err
	}
	return print(done, "")
}

type literal struct {
	text string
	err  error
}

// literals prints layers with their automatic names known.
func literals(layers []any, print func(any, string) (string, error)) []literal {
	count := map[string]int{}
	out := make([]literal, len(layers))
	for i, l := range layers {
		done, err := CompleteAny(l)
		if err != nil {
			out[i].err = err
			continue
		}
		auto := ""
		if c, ok := ClassOf(done); ok {
			base := SnakeCase(c.Name)
			auto = numbered(base, map[string]int{base: count[base]})
			if name := fieldString(done, "name"); name == "" || name == auto {
				numbered(base, count)
			}
		}
		out[i].text, out[i].err = print(done, auto)
	}
	return out
}

// changed calls f for every argument that differs from its default.
func changed(v any, auto string, f func(*Field, reflect.Value) error) (*Class, error) {
	c, ok := ClassOf(v)
	if !ok {
		return nil, notRegistered(v)
	}
	r := reflect.Indirect(reflect.ValueOf(v))
	if auto == "" {
		auto = AutoName(c)
	}
	s := shortener{}
	for i := range c.Fields {
		fv := r.Field(c.Fields[i].Index)
		if s.skip(c, &c.Fields[i], fv, r, auto) {
			continue
		}
		if err := f(&c.Fields[i], fv); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", c.Name, c.Fields[i].Name, err)
		}
	}
	return c, nil
}
