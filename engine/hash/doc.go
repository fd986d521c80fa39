// Package hash holds the hash functions of strings that TensorFlow, and with it
// Keras's preprocessing layers, put words into buckets by: FarmHash's Fingerprint64,
// SipHash-2-4 under a key, and the mixing of several fingerprints into one. They are
// fixed for ever: models rely on them.
package hash
