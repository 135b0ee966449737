// Package recipe holds the settings that are ready to use: how the embedded
// models are pretrained, how a model is pretrained on a folder of classes, and
// how a user's words ("shapes", a folder, class names) become data sets and
// class indices.
package recipe
