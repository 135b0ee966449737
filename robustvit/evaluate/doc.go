// Package evaluate measures a model: accuracy with intervals on any set,
// differences between two models on the same images, and the relevance
// segmentation test. Per-image records are the ground truth of every number.
package evaluate
