// Package tfevents writes the event files that TensorBoard reads: a sequence of
// records, each with its length and checksums (masked CRC-32C), that hold Event
// messages of TensorFlow in the encoding of protocol buffers. It writes the few
// messages there are for scalars, histograms, images and text, and reads nothing.
//
// Formats: tensorflow/core/util/event.proto, framework/summary.proto and
// lib/io/record_writer.
package tfevents
