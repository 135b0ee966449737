package data_test

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
)

func ExampleProtocol_Apply() {
	picture := &data.Image{Width: 500, Height: 375, Pix: make([]uint8, 3*500*375)}
	input, err := data.Paper().Apply(picture, 224)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(input.Width, input.Height)
	// Output: 224 224
}

func ExampleBatches() {
	plan := data.Plan{BatchSize: 4, Size: 4, Protocol: data.Native()}
	for batch, err := range data.Batches(context.Background(), &fake{n: 6, classes: 2}, plan) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(batch.N, "of", len(batch.Labels), batch.Indices)
	}
	// Output:
	// 4 of 4 [0 1 2 3]
	// 2 of 4 [4 5 5 5]
}
