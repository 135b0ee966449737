// Package pool keeps the models that experiments compare: each is finetuned
// once and measured once on each set, however many tables show it. What decides
// a model, its Spec, names its folder; whatever is there already is read.
package pool
