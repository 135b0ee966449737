package evaluate

import (
	"context"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// RelevanceLosses are Eq. 1 and Eq. 2 on a data set with masks: the map of each
// image's own class, means over images and pixels.
func RelevanceLosses(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol) (background, foreground float64, err error) {
	pixels := p.Variant().ImageSize * p.Variant().ImageSize
	err = batches(ctx, p, d, protocol, true, func(b *data.Batch, _ int) error {
		explanation, err := p.Explain(b.Images, b.Labels, b.N)
		if err != nil {
			return err
		}
		for i, relevance := range explanation.Maps {
			r, m := float64(relevance), float64(b.Masks[i])
			background += (r * (1 - m)) * (r * (1 - m))
			foreground += (r*m - m) * (r*m - m)
		}
		return nil
	})
	n := float64(max(d.Len(), 1) * pixels)
	return background / n, foreground / n, err
}
