package recipe

import "github.com/robustvit/workbench/data"

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
