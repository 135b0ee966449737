// Package shapes is the embedded default data: 64 x 64 images generated from
// numbers, with exact masks, in 20, 40 or 80 classes and nine evaluation sets
// that stand for ImageNet val, A, R, Sketch, v2, ObjectNet and the three SI-Score
// sets.
//
// A class is a silhouette that usually comes with its own hue, texture and
// habitat (background); beyond 20 classes each silhouette comes in 2 or 4
// finishes, which only hue and texture tell apart. A model trained where the
// habitat nearly always agrees leans on it, and fails where it does not: the
// fault that the method repairs.
//
// Every image is a function of its distribution (Config), a seed and its number.
package shapes
