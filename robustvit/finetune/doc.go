// Package finetune is the one training loop: it moves a model's relevance onto
// the object (the paper's Section 3), and trains a classifier from nothing for
// the embedded models. Every experiment is a Config over the same loop.
//
// A run is resumable at any kill: batches, augmentation and learning rates are
// pure functions of (seed, step), so a checkpoint needs the weights, the
// optimizer's running means and the number of steps taken.
package finetune
