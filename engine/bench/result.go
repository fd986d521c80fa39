package main

import (
	"slices"

	"github.com/kerasgo/kerasgo/kerasgo"
)

// result is the line of JSON of a worker or a peer: one contender's run of one workload.
type result struct {
	Row       string          `json:"row,omitempty"`
	Round     int             `json:"round"`
	Contender string          `json:"contender"`
	Workload  string          `json:"workload"`
	Mode      string          `json:"mode"` // "train" or "predict"
	Batch     int             `json:"batch"`
	Threads   int             `json:"threads"`
	Steps     int             `json:"steps"` // timed
	MedianMS  float64         `json:"median_ms"`
	MinMS     float64         `json:"min_ms"`
	Q1MS      float64         `json:"q1_ms"`
	Q3MS      float64         `json:"q3_ms"`
	MeanMS    float64         `json:"mean_ms"`
	PeakMiB   float64         `json:"peak_mib"` // largest resident memory of the process, 0 if the system does not tell
	Versions  string          `json:"versions"`
	Profile   []keras.Profile `json:"profile,omitempty"`
}

// summarize returns a result of the given times of steps, in milliseconds.
func summarize(times []float64) result {
	if len(times) == 0 {
		return result{}
	}
	sorted := slices.Sorted(slices.Values(times))
	sum := 0.0
	for _, t := range sorted {
		sum += t
	}
	n := len(sorted)
	return result{
		Steps: n, MedianMS: median(sorted), MinMS: sorted[0], Q1MS: sorted[(n-1)/4], Q3MS: sorted[(3*n-1)/4], MeanMS: sum / float64(n),
	}
}

// median is the middle value, or the mean of the two middle ones.
func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}
