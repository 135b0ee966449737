// Package imagenet reads the published layouts of ImageNet's evaluation and
// shift sets and of ImageNet-S, all with the 1000 classes of ImageNet-1k: val,
// A, R, Sketch, v2, ObjectNet, SI-Score. Only names are listed when a set is
// opened; images are decoded when they are loaded. A layout that would give
// wrong numbers is refused with what was found and what to do.
package imagenet
