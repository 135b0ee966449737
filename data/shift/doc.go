// Package shift makes shifted copies of a labelled set, so that a model's
// dependence on the background can be measured on one's own photographs. With
// masks the background is blurred, replaced or emptied, or the object is moved
// on it; without masks pictures are turned, moved, made gray or noisy.
//
// Every picture is a function of (seed, kind, sample): neither the order nor
// the number of the other samples changes it. (Where the background is
// replaced, the donor is drawn from the samples with a mask.)
package shift
