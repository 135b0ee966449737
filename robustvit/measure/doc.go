// Package measure evaluates several models on several sets in a run folder:
// per-image records, tables with intervals, the relevance segmentation test.
// What is done already is kept; the first model is the one that others are
// compared with.
package measure
