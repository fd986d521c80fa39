package spec

import (
	"path"
	"reflect"
	"runtime"
	"sync"
)

// Doc holds the doc comments of a class: a binary has no comments, so the command spec/docgen copies them from the sources into a table.
type Doc struct {
	Text   string            // the comment of the type or function
	Fields map[string]string // the comment of each argument, by its JSON name
}

var docTable struct {
	sync.RWMutex
	docs map[string]Doc
}

// RegisterDocs adds doc comments, keyed by package and Go name ("layers.Dense"). Generated files call it.
func RegisterDocs(docs map[string]Doc) {
	docTable.Lock()
	defer docTable.Unlock()
	if docTable.docs == nil {
		docTable.docs = map[string]Doc{}
	}
	for k, d := range docs {
		docTable.docs[k] = d
	}
}

// Doc returns the doc comments of the class, empty if none are registered.
func (c *Class) Doc() Doc {
	if c.Func == nil {
		return TypeDoc(c.Type)
	}
	return docOf(path.Base(runtime.FuncForPC(reflect.ValueOf(c.Func).Pointer()).Name()))
}

// TypeDoc returns the doc comments of a struct type with keras tags, registered or not.
func TypeDoc(t reflect.Type) Doc { return docOf(t.String()) }

func docOf(key string) Doc {
	docTable.RLock()
	defer docTable.RUnlock()
	return docTable.docs[key]
}
