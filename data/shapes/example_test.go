package shapes_test

import (
	"fmt"

	"github.com/robustvit/workbench/data/shapes"
)

// The validation set without a folder on disk.
func ExampleNewCollection() {
	collection := shapes.NewCollection(shapes.Options{EvalImages: 100})
	val, err := collection.Set("val")
	if err != nil {
		fmt.Println(err)
		return
	}
	sample, err := val.Load(47)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sample.ID, sample.Image.Width, sample.Image.Height, sample.Mask != nil)
	// Output: val/heart/000049 64 64 true
}

func ExampleGenerate() {
	_, _, class, background := shapes.Generate(shapes.DefaultConfig(), shapes.Seed(shapes.ForDesign, 0, 1), 9)
	fmt.Println(shapes.ClassNames()[class], "on", shapes.BackgroundName(background))
	// Output: heart on waves, close hues
}
