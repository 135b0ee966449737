package pool

import (
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
)

// validationPerClass is the number of held-out images of each class that a
// setting is chosen on, or all where a class has fewer.
const validationPerClass = 10

// validation draws training images with masks that the base's setting does not
// finetune on: settings are chosen on them, never on a test set.
func (p *Pool) validation(ctx context.Context, b *Base) (data.Dataset, error) {
	train, err := b.Data.Train()
	if err != nil {
		return nil, err
	}
	keep, err := p.keep(ctx, b, train, b.KeepCorrect)
	if err != nil {
		return nil, err
	}
	c := b.Finetune
	chosen, err := data.SelectTraining(train, c.Classes, c.PerClass, c.Seed, keep)
	if err != nil {
		return nil, err
	}
	held, err := data.HeldOut(train, chosen, validationPerClass, c.Seed+1)
	if err != nil {
		return nil, fmt.Errorf("validation images of %s: %w", b.Data.Name(), err)
	}
	return data.Subset(train, slices.Clone(held), ValidationSet), nil
}
