package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pool"
)

// explainerGallery shows a few images by every explainer, before and after.
func (o *Outcome) explainerGallery(ctx context.Context, b *pool.Base) (Gallery, error) {
	g := Gallery{Title: b.Title, Columns: append([]string{"Image"}, explainerNames()...), Note: "Images drawn by a hash. Each map is scaled to its own range and shows the class that the model predicts."}
	size, err := o.explanationSize(b)
	if err != nil {
		return g, err
	}
	test, err := o.Test(ctx, before(b), size.Set)
	if err != nil {
		return g, err
	}
	chosen := drawByHash(spaced(test.Data.Len(), size.Faithful), func(i int) string { return test.Data.Entry(i).ID }, galleryImages, fmt.Sprintf("%d/explanations", o.Seed))
	for k, i := range chosen {
		s, err := look(ctx, test, i, b.Model.Variant.ImageSize)
		if err != nil {
			return g, err
		}
		file := fmt.Sprintf("pictures/%s-%d.png", b.Name, k+1)
		if err := o.savePicture(file, s.picture); err != nil {
			return g, err
		}
		for _, p := range append([]Point{before(b)}, o.some(b, Ours)...) {
			row := GalleryRow{Label: s.ID + ", " + p.Title, Pictures: []Picture{{File: file}}}
			err := o.Predict(ctx, p, func(model *robustvit.Predictor) error {
				return o.explainPicture(model, p.className(test, s.Class), s, file, p, &row)
			})
			if err != nil {
				return g, err
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return g, nil
}

// explainPicture adds the maps of one image by one model to its row.
func (o *Outcome) explainPicture(model *robustvit.Predictor, name string, s seen, file string, p Point, row *GalleryRow) error {
	row.Pictures[0].Caption = name
	for _, kind := range robustvit.Explainers() {
		e, err := model.ExplainWith(kind, s.input, nil, 1)
		if err != nil {
			return err
		}
		order, _ := robustvit.Rank(e.Logits[:model.Variant().Outputs()])
		row.Pictures[0].Mark = "wrong"
		if order[0] == s.Class {
			row.Pictures[0].Mark = "right"
		}
		relevance := strings.TrimSuffix(file, ".png") + "-" + armName(p) + "-" + kind.String() + ".png"
		if err := o.saveMap(relevance, e.Maps, model.Variant().ImageSize); err != nil {
			return err
		}
		row.Pictures = append(row.Pictures, Picture{File: file, Relevance: relevance})
	}
	return nil
}
