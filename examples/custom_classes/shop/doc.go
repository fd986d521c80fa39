// Package shop has one class of each kind that a user may write: a layer, a cell of a
// recurrent layer, an activation function, the function of a Lambda, an initializer, a
// regularizer, a constraint, a loss, a metric, an optimizer, a schedule and a callback.
// Importing it is enough to use them in Go, in specs and in files of models, where they are
// called "shop>Name", as the equal classes of shop.py are in Keras.
package shop
