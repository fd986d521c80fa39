package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/bench/workloads"
)

// A row is one line of the tables: a workload done in one way, and who does it.
type row struct {
	name     string // for -rows
	title    string
	workload string
	mode     string // of the workers, or "fit" and "start", which run whole processes
	batch    int
	threads  int
	peers    []string
}

// The peers, by the names that -peers and peer.py know.
const (
	ours            = "kerasgo"
	kerasTensorFlow = "keras-tensorflow"
	kerasJAX        = "keras-jax"
	kerasTorch      = "keras-torch"
	plainTorch      = "torch"
	onnxRuntime     = "onnxruntime"
)

var (
	backends = []string{kerasTensorFlow, kerasJAX, kerasTorch}
	allPeers = append(slices.Clone(backends), plainTorch, onnxRuntime)
)

// trainThreads is how many threads both sides train with.
const trainThreads = 2

// rows returns all rows in the order of the tables.
func rows() []row {
	var list []row
	for _, w := range workloads.All() {
		peers := backends
		if w.Name == "cnn" || w.Name == "mlp" {
			peers = append(slices.Clone(backends), plainTorch)
		}
		list = append(list, row{name: w.Name, title: w.Title, workload: w.Name, mode: "train", batch: w.Batch, threads: trainThreads, peers: peers})
	}
	inference := append(slices.Clone(backends), onnxRuntime)
	return append(list,
		row{"predict-cnn-1", "notebook CNN, latency of one", "cnn", "predict", 1, 1, inference},
		row{"predict-cnn-256", "notebook CNN", "cnn", "predict", 256, trainThreads, inference},
		row{"predict-resnet20-256", "ResNet-20", "resnet20", "predict", 256, trainThreads, inference},
		row{"cnn-1-thread", "notebook CNN, one thread", "cnn", "train", 128, 1, []string{kerasTensorFlow}},
		row{"start", "cold start", "cnn", "start", 1, trainThreads, backends},
		row{"notebook", "whole notebook", "cnn", "fit", 128, trainThreads, []string{kerasTensorFlow}},
	)
}

// chosen returns the rows of a list of names; an empty list means all.
func chosen(names string) ([]row, error) {
	all := rows()
	if names == "" {
		return all, nil
	}
	var list []row
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(all, func(r row) bool { return r.name == name })
		if i < 0 {
			var known []string
			for _, r := range all {
				known = append(known, r.name)
			}
			return nil, fmt.Errorf("-rows: no row %q; there are %s", name, strings.Join(known, ", "))
		}
		list = append(list, all[i])
	}
	return list, nil
}

// choosePeers leaves the peers of a list of names; an empty list means none.
func choosePeers(list []row, names string) error {
	var wanted []string
	for name := range strings.SplitSeq(names, ",") {
		if name != "" && !slices.Contains(allPeers, name) {
			return fmt.Errorf("-peers: no peer %q; there are %s", name, strings.Join(allPeers, ", "))
		}
		wanted = append(wanted, name)
	}
	for i := range list {
		list[i].peers = slices.DeleteFunc(slices.Clone(list[i].peers), func(p string) bool { return !slices.Contains(wanted, p) })
	}
	return nil
}
