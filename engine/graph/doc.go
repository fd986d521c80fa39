// Package graph holds computations as data: a Graph of Ops on values whose
// shapes are concrete. It knows no layer, no kernel and no thread.
//
// A Graph is built front to back by calling Apply; the functions of package ops
// do that. Ops never return errors to their caller: the Graph keeps the first
// one, with the path of the layer that was being traced, and yields dummy values
// from then on. Gradients extends a graph by its reverse-mode derivative. Run
// evaluates a graph with the ops' own portable loops: slow, and the truth that
// compiled Programs (engine/plan, engine/run) are held against.
//
// Truth values are 0 and 1 in the float type of the operands, so that masks
// multiply; indices are int32.
package graph
