package viz

import (
	"fmt"
	"html/template"
	"image"
	"strings"
)

// galleryTile is one picture of a card with what stands under it.
type galleryTile struct {
	Name, Alt, Note string
	Source          template.URL
	Width, Height   int
	Predictions     template.HTML
}

// bytes is what the tile takes on a page, about: a plus sign is escaped in an
// attribute.
func (t galleryTile) bytes() int {
	return len(t.Source) + 4*strings.Count(string(t.Source), "+") + len(t.Alt) + len(t.Name) + 400
}

type galleryCard struct {
	ID, Truth, Note string
	Mark            string
	Trend           Trend
	Tiles           []galleryTile
}

var cardTemplate = parse("gallery card", `<div class="viz-card" style="display:inline-block;vertical-align:top;margin:0 28px 18px 0;max-width:100%;overflow-x:auto"><div style="font-size:12px;margin:0 0 3px">{{with .Truth}}<strong>{{. | text}}</strong> {{end}}{{with .Mark}}<span class="{{$.Trend.Class}}" style="color:{{$.Trend.Color}};white-space:nowrap">{{.}}</span> {{end}}{{with .ID}}<span style="opacity:0.6;word-break:break-all">{{. | text}}</span>{{end}}</div>
<div style="white-space:nowrap">{{range .Tiles}}<div style="display:inline-block;vertical-align:top;white-space:normal;width:{{.Width}}px;margin:0 8px 0 0">{{if .Source}}<img src="{{.Source}}" alt="{{.Alt | text}}" width="{{.Width}}" height="{{.Height}}" style="display:block;border-radius:3px;image-rendering:pixelated">{{end}}<div style="font-size:12px;opacity:0.75;margin:2px 0 0">{{.Name | text}}</div>{{.Predictions}}{{with .Note}}<div style="font-size:11px;opacity:0.7;margin:3px 0 0">{{. | text}}</div>{{end}}</div>{{end}}</div>{{with .Note}}<div style="font-size:12px;opacity:0.8">{{. | text}}</div>{{end}}</div>`)

// card draws one item: its picture, then a tile for each view.
func (g Gallery) card(item GalleryItem) (template.HTML, error) {
	img, err := Thumbnail(item.Picture, item.Mask, g.side())
	if err != nil {
		return "", err
	}
	photo := max(item.Picture.Width, item.Picture.Height) >= photoSide
	name := "picture"
	if item.Mask != nil {
		name = "picture, mask"
	}
	tile, err := newTile(img, photo, name, fmt.Sprintf("%s %s", item.Truth, item.ID))
	if err != nil {
		return "", err
	}
	card := galleryCard{ID: item.ID, Truth: item.Truth, Note: item.Note, Tiles: []galleryTile{tile}}
	card.Mark, card.Trend = item.fate()
	for _, v := range item.Views {
		tile, err := g.viewTile(item, v, img.Rect)
		if err != nil {
			return "", fmt.Errorf("view %q: %w", v.Name, err)
		}
		card.Tiles = append(card.Tiles, tile)
	}
	return execute(cardTemplate, card)
}

func (g Gallery) viewTile(item GalleryItem, v View, size image.Rectangle) (galleryTile, error) {
	tile := galleryTile{Name: v.Name, Width: size.Dx(), Height: size.Dy()}
	if v.Mask != nil {
		img, err := Cutout(item.Picture, *v.Mask, g.side())
		if err != nil {
			return tile, err
		}
		photo := max(item.Picture.Width, item.Picture.Height) >= photoSide
		if tile, err = newTile(img, photo, v.Name, fmt.Sprintf("%s of %s %s", v.Name, item.Truth, item.ID)); err != nil {
			return tile, err
		}
	} else if v.Relevance != nil {
		img, err := Heatmap(item.Picture, *v.Relevance, g.options(item))
		if err != nil {
			return tile, err
		}
		low, high := v.Relevance.Range()
		alt := fmt.Sprintf("%s map %s of %s, values %s to %s", g.maps(), v.Name, item.Truth, short(float64(low)), short(float64(high)))
		if tile, err = newTile(img, true, v.Name, alt); err != nil {
			return tile, err
		}
	}
	tile.Note = v.Note
	top := g.Top
	if top <= 0 {
		top = 3
	}
	var err error
	tile.Predictions, err = Predictions{Truth: item.Truth, Top: v.Top[:min(top, len(v.Top))], Width: size.Dx()}.html(nil)
	return tile, err
}

func newTile(img *image.RGBA, photo bool, name, alt string) (galleryTile, error) {
	source, err := inlineImage(img, photo)
	return galleryTile{Name: name, Alt: alt, Source: source, Width: img.Rect.Dx(), Height: img.Rect.Dy()}, err
}

// fate says in a word what became of the prediction from the first view to the
// last.
func (item GalleryItem) fate() (string, Trend) {
	if item.Truth == "" || len(item.Views) < 2 {
		return "", NoTrend
	}
	first, last := item.Views[0].Top, item.Views[len(item.Views)-1].Top
	if len(first) == 0 || len(last) == 0 {
		return "", NoTrend
	}
	switch before, after := first[0].Class == item.Truth, last[0].Class == item.Truth; {
	case before && after:
		return "right, stays right", Unchanged
	case after:
		return "corrected", Rose
	case before:
		return "broken", Fell
	}
	return "wrong, stays wrong", Unchanged
}
