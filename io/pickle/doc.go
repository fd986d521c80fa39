// Package pickle reads the data in files of Python's pickle module and runs nothing.
// A pickle is a program for a small machine that can call any Python function; this
// package knows the instructions that make numbers, texts, bytes, lists, tuples and
// dictionaries, and of all functions only those that put a NumPy array together, which
// it recognises by name and whose arguments must have the one form that NumPy writes.
// Everything else is refused.
//
// Protocols 0 to 5 without out-of-band buffers. Format: pickletools.py of CPython.
package pickle
