// Package data holds what the model is shown: images, masks, data sets, the
// protocols that prepare them and the readers that refuse what is broken.
package data

// Image is an 8-bit RGB picture: row-major, interleaved, len(Pix) == 3*Width*Height.
type Image struct {
	Width, Height int
	Pix           []uint8
}

// Mask marks the foreground of an image: 1 = foreground, 0 = background,
// row-major, len(Pix) == Width*Height. Values between 0 and 1 occur only after
// a bilinear resize (the `reference` mask rule of the released code).
type Mask struct {
	Width, Height int
	Pix           []float32
}

// Entry names one sample without loading it.
type Entry struct {
	ID    string // stable, slash-separated, unique in the data set: "val/heart/000012"
	Class int    // index into Dataset.Classes, or NoClass
}

// NoClass is the class of a sample of a set without classes: a segmentation
// test asks for none.
const NoClass = -1

// Sample is one loaded picture. Mask is nil where the data set has none.
type Sample struct {
	Entry
	Image *Image
	Mask  *Mask

	turned int // EXIF orientation that was applied to the image; its mask file is turned likewise
}

// Dataset is an ordered list of samples. The order is part of the data set:
// it never depends on directory order, clock or core count. Load may be called
// from several goroutines.
type Dataset interface {
	Name() string
	Classes() []string
	Len() int
	Entry(i int) Entry
	// Load reads sample i. The error names the file, what was found and what was expected.
	Load(i int) (Sample, error)
}

// Collection is everything one job reads: a training split with masks, the
// evaluation sets in the order of the paper's columns and, where masks exist,
// a segmentation test set.
type Collection interface {
	Name() string
	Classes() []string
	Train() (Dataset, error)
	SetNames() []string // evaluation sets, clean validation set first
	Set(name string) (Dataset, error)
	Segmentation() (Dataset, error) // nil, nil where the collection has no masks to test against
}
