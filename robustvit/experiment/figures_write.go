package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/explain"
	"github.com/robustvit/workbench/robustvit/pool"
)

// gallery shows chosen pictures: the image, then the map and the prediction of
// the pretrained model and of ours.
func (o *Outcome) gallery(ctx context.Context, b *pool.Base, note string, items []chosen) (*Gallery, error) {
	g := &Gallery{Title: b.Title, Note: note, Columns: []string{"Image", "Original", "Ours"}}
	for _, item := range items {
		file, err := o.imageFile(ctx, b, item)
		if err != nil {
			return nil, err
		}
		records, err := o.Records(ctx, original(b), item.set)
		if err != nil {
			return nil, err
		}
		g.Rows = append(g.Rows, GalleryRow{Label: item.label, Pictures: []Picture{{File: file, Caption: trueName(b, records[item.index])}}})
	}
	for _, name := range []string{original(b), named(b, Ours)} {
		if err := o.views(ctx, b, name, items, g.Rows); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// trueName is the right class; some sets accept several.
func trueName(b *pool.Base, r evaluate.Record) string {
	name := className(b, r.Class)
	if len(r.Accepted) > 1 {
		name += fmt.Sprintf(" (of %d right classes)", len(r.Accepted))
	}
	return name
}

// pictureName is a file that carries what decides its content.
func pictureName(item chosen, spec pool.Spec) string {
	return fmt.Sprintf("pictures/%s-%s-%06d.png", spec.Folder(), item.set, item.index)
}

// imageFile writes the picture as the model sees it, where it is not there yet.
func (o *Outcome) imageFile(ctx context.Context, b *pool.Base, item chosen) (string, error) {
	file := pictureName(item, b.Before())
	if o.Run.Has(file) {
		return file, nil
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	img, _, err := o.picture(ctx, b, item)
	if err != nil {
		return "", err
	}
	content, err := explain.ImagePNG(img)
	if err != nil {
		return "", err
	}
	return file, o.Run.WriteFile(file, content)
}

// picture is a chosen picture and its input, 3 x h x w, normalised.
func (o *Outcome) picture(ctx context.Context, b *pool.Base, item chosen) (*data.Image, []float32, error) {
	test, err := o.Pool.Test(ctx, b.Name, item.set)
	if err != nil {
		return nil, nil, err
	}
	sample, err := test.Data.Load(item.index)
	if err != nil {
		return nil, nil, err
	}
	size := b.Model.Variant.ImageSize
	img, err := test.Protocol.Apply(sample.Image, size)
	if err != nil {
		return nil, nil, fmt.Errorf("picture %s: %w", test.Data.Entry(item.index).ID, err)
	}
	input := make([]float32, 3*size*size)
	data.Normalize(input, img, test.Protocol.Mean, test.Protocol.Std)
	return img, input, nil
}

// views appends one model's maps of its own predictions to the rows.
func (o *Outcome) views(ctx context.Context, b *pool.Base, name string, items []chosen, rows []GalleryRow) error {
	p, err := o.Point(name)
	if err != nil {
		return err
	}
	var missing []chosen
	var classes []int32
	for i, item := range items {
		records, err := o.Records(ctx, name, item.set)
		if err != nil {
			return err
		}
		r := records[item.index]
		view := Picture{File: rows[i].Pictures[0].File, Relevance: relevanceName(item, p.Spec), Mark: "wrong", Caption: fmt.Sprintf("%s %.0f %%", className(b, r.Top[0]), 100*r.Confidence[0])}
		if r.Correct(1) {
			view.Mark = "right"
		}
		if item.set == pool.MapSet { // the only set whose maps are scored
			maps, err := o.Maps(ctx, name, pool.MapSet)
			if err != nil {
				return err
			}
			view.Caption += fmt.Sprintf(", %.0f %% of the map on the object", maps[item.index].MassOnObject)
		}
		rows[i].Pictures = append(rows[i].Pictures, view)
		if !o.Run.Has(view.Relevance) {
			missing, classes = append(missing, item), append(classes, int32(r.Top[0]))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return o.Predict(ctx, p, func(predictor *robustvit.Predictor) error {
		for first := 0; first < len(missing); first += predictor.BatchSize() {
			last := min(first+predictor.BatchSize(), len(missing))
			if err := o.writeMaps(ctx, p, predictor, missing[first:last], classes[first:last]); err != nil {
				return err
			}
		}
		return nil
	})
}

func relevanceName(item chosen, spec pool.Spec) string {
	return fmt.Sprintf("pictures/%s-%s-%06d-map.png", spec.Folder(), item.set, item.index)
}

// writeMaps writes the maps of one batch.
func (o *Outcome) writeMaps(ctx context.Context, p Point, predictor *robustvit.Predictor, items []chosen, classes []int32) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var images []float32
	for _, item := range items {
		_, input, err := o.picture(ctx, p.Base, item)
		if err != nil {
			return err
		}
		images = append(images, input...)
	}
	explanation, err := predictor.Explain(images, classes, len(items))
	if err != nil {
		return fmt.Errorf("maps of %s: %w", p.Title, err)
	}
	size := predictor.Variant().ImageSize
	for i, item := range items {
		content, err := explain.MapPNG(explanation.Maps[i*size*size:(i+1)*size*size], size)
		if err != nil {
			return err
		}
		if err := o.Run.WriteFile(relevanceName(item, p.Spec), content); err != nil {
			return err
		}
	}
	return nil
}
