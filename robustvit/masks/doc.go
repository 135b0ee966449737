// Package masks makes foreground masks from a model's own attention, for images
// that nobody has drawn masks for. A mask that looks unlike an object is
// rejected with the reason; the image then trains nothing.
package masks
