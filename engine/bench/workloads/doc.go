// Package workloads holds the models that the benchmark trains and runs, each defined once, with kerasgo's own API, and synthetic data for them. Real Keras gets
// the same models through their JSON and the same arrays through .npy files. Nothing is timed here.
package workloads
