package spec

import (
	"slices"
	"strings"
)

// aliases answers people who come from elsewhere or from old versions. They are named in the message, never accepted.
var aliases = map[string]string{
	"nb_filter": "filters", "out_channels": "filters", "num_filters": "filters",
	"border_mode": "padding",
	"subsample":   "strides", "stride": "strides",
	"nb_epoch": "epochs", "num_epochs": "epochs",
	"output_dim": "units", "out_features": "units",
	"lr": "learning_rate", "eta": "learning_rate",
	"p": "rate", "drop_prob": "rate",
	"init": "kernel_initializer", "W_regularizer": "kernel_regularizer", "b_regularizer": "bias_regularizer", "bias": "use_bias",
	"dim_ordering":  "data_format",
	"Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
	"Linear": "Dense", "BatchNorm": "BatchNormalization", "BatchNorm2d": "BatchNormalization",
	"MaxPool2d": "MaxPooling2D", "AvgPool2d": "AveragePooling2D", "Conv2d": "Conv2D",
	"acc":           "accuracy",
	"cross_entropy": "categorical_crossentropy",
}

// Suggest returns the candidate that name was most probably meant to be, or "": one that differs only in case and underscores, the
// known alias, or the only one at the least Damerau-Levenshtein distance, which must be at most 2, in names of up to four letters 1, and below
// the length of the name.
func Suggest(name string, candidates []string) string {
	fold := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	for _, c := range candidates {
		if c != name && fold(c) == fold(name) {
			return c
		}
	}
	if a, ok := aliases[name]; ok && slices.Contains(candidates, a) {
		return a
	}
	best, bestDist, unique := "", 3, false
	if len([]rune(name)) <= 4 {
		bestDist = 2
	}
	seen := map[string]bool{}
	for _, c := range candidates {
		if seen[c] {
			continue
		}
		seen[c] = true
		switch d := distance(name, c, bestDist); {
		case d < bestDist:
			best, bestDist, unique = c, d, true
		case d == bestDist:
			// Two spellings of one name (mse, MSE) are no ambiguity.
			unique = unique && fold(c) == fold(best)
		}
	}
	if !unique || bestDist >= len([]rune(name)) {
		return ""
	}
	return best
}

// distance returns the optimal string alignment distance of a and b (insertions, deletions, substitutions, swaps of neighbours), or
// limit+1 as soon as it is known to exceed limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	prev2, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
		}
		if slices.Min(cur) > limit {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(y)]
}
