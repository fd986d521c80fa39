package spec

import "reflect"

// layer shortens one layer of a list. Only layers without a name of their own count for the automatic numbers.
func (s *shortener) layer(e reflect.Value, count map[string]int) (any, error) {
	obj := e.Interface()
	c, ok := ClassOf(obj)
	if !ok || c.Func != nil {
		return s.objects(e, true)
	}
	next := map[string]int{SnakeCase(c.Name): count[SnakeCase(c.Name)]}
	auto := numbered(SnakeCase(c.Name), next)
	if name := fieldString(obj, "name"); name == "" || name == auto {
		numbered(SnakeCase(c.Name), count)
	}
	return s.object(obj, auto)
}

// fieldString returns the string field with this JSON name, or "".
func fieldString(obj any, name string) string {
	c, ok := ClassOf(obj)
	if !ok {
		return ""
	}
	f, ok := c.Field(name)
	if !ok || f.Type.Kind() != reflect.String {
		return ""
	}
	return reflect.Indirect(reflect.ValueOf(obj)).Field(f.Index).String()
}

// plainInput tells whether the list starts with an InputLayer that says no more than the next layer's input_shape would.
func plainInput(v reflect.Value) bool {
	first, second := v.Index(0).Interface(), v.Index(1).Interface()
	c, ok := ClassOf(first)
	next, ok2 := ClassOf(second)
	if !ok || !ok2 || c.Name != "InputLayer" || next.Func != nil {
		return false
	}
	shape := batchShape(first)
	in, has := next.Field("input_shape")
	if len(shape) < 2 || shape[0] != -1 || !has || !reflect.Indirect(reflect.ValueOf(second)).Field(in.Index).IsZero() {
		return false
	}
	short, err := (&shortener{}).object(first, "")
	o, isObject := short.(*Object)
	if err != nil || !isObject {
		return false
	}
	args := o.Obj("InputLayer")
	_, onlyShape := args.Get("batch_shape")
	return args.Len() == 1 && onlyShape || args == nil
}

func batchShape(input any) []int {
	c, _ := ClassOf(input)
	f, ok := c.Field("batch_shape")
	if !ok {
		return nil
	}
	v := reflect.Indirect(reflect.ValueOf(input)).Field(f.Index)
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Int {
		return nil
	}
	shape := make([]int, v.Len())
	for i := range shape {
		shape[i] = int(v.Index(i).Int())
	}
	return shape
}

// withInput adds input_shape, taken from the InputLayer at the start of the list, to a shortened layer.
func withInput(short any, list reflect.Value) any {
	shape := batchShape(list.Index(0).Interface())[1:]
	dims := make([]any, len(shape))
	for i, n := range shape {
		if n != -1 {
			dims[i] = n
		}
	}
	c, _ := ClassOf(list.Index(1).Interface())
	args := &Object{}
	switch x := short.(type) {
	case *Object:
		if o := x.Obj(c.Name); o != nil && !positionalForm(c, o) {
			args = o
		} else if pos, ok := c.Positional(); ok {
			val, _ := x.Get(c.Name)
			args.Set(pos.Name, val)
		}
	}
	args.Set("input_shape", dims)
	return NewObject(c.Name, args)
}
