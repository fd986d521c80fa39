// Package progbar is not a general progress bar: it writes what Keras 3 writes while a model trains, byte for byte.
//
// A [Bar] is one line of progress (keras.utils.Progbar with verbose 1, or the single line of verbose 2). A [Logger]
// owns the bars of one fit, evaluate or predict and the "Epoch 1/10" lines between them, as Keras's ProgbarLogger
// does.
//
// Keras writes backspaces and escape sequences even into files and pipes. Here that is the caller's choice: [Auto]
// picks the bar for a terminal or a GoNB notebook and plain lines for everything else.
//
// Log values are shown as given, in the order in which their names first appear; averaging is the metrics' business.
package progbar
