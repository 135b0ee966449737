package recipe

import (
	"fmt"

	"github.com/robustvit/workbench/data"
)

// WithMasks narrows keep to the images that have a mask: those whose mask was
// rejected train nothing. A data set without any mask stays as it is, so that
// the finetuning can say what is missing.
func WithMasks(d data.Dataset, keep func(i int) bool) func(i int) bool {
	masked, ok := d.(interface{ HasMask(i int) bool })
	if !ok {
		return keep
	}
	return func(i int) bool { return masked.HasMask(i) && (keep == nil || keep(i)) }
}

// MaskedTraining is the training images that have a mask: of a class whose masks
// were all rejected there are none, so that it is not drawn.
func MaskedTraining(c data.Collection) (data.Dataset, error) {
	train, err := c.Train()
	if err != nil {
		return nil, err
	}
	masked, err := data.Masked(train)
	if err == nil && masked == nil {
		err = fmt.Errorf("no image of %s has a mask; make masks with `robustvit masks`, or name their folder", train.Name())
	}
	return masked, err
}
