// Package evaluate measures a model: accuracy with intervals on any set,
// differences between models on the same images and against a control, per class
// and over seeds, calibration, effective robustness, the relevance segmentation
// test, the faithfulness of maps and sufficient input subsets. Per-image records
// are the ground truth of every number.
package evaluate
