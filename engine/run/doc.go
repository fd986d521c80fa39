// Package run executes compiled Programs: persistent workers, arenas and
// barriers. It decides nothing: what is computed, where its result lies and how
// it is split is fixed in the Program, which engine/plan makes.
//
// A Program is a list of phases; a phase is a list of steps that do not depend on
// each other; a step is split into chunks by its shapes alone. Workers take
// chunks from an atomic counter, so a worker that the operating system has taken
// away holds up nothing but the chunk it has, and the others bring it back by
// giving it a processor of theirs. The number of workers never changes a bit of the
// result.
package run
