package main

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestToolsAreKeras: what has a counterpart is a name that Keras offers.
func TestToolsAreKeras(t *testing.T) {
	raw, err := os.ReadFile(keras)
	if err != nil {
		t.Fatal(err)
	}
	var n namespace
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatal(err)
	}
	keys := slices.Concat(slices.Collect(maps.Keys(tools)), slices.Collect(maps.Keys(never)))
	for _, key := range keys {
		i := strings.LastIndex(key, ".")
		if !slices.ContainsFunc(n.Namespaces[key[:i]], func(e publicEntry) bool { return e.Name == key[i+1:] }) {
			t.Errorf("keras.%s: Keras has no such name", key)
		}
	}
}
