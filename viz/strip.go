package viz

import (
	"fmt"
	"html/template"
)

// LayerStrip shows one map for each layer, or head, in rows: how the attention
// or the relevance of one picture grows through the network.
type LayerStrip struct {
	Title   string
	Caption string
	Picture Picture
	Mask    *Map
	Rows    []StripRow
	Labels  []string // above the maps; nil: "layer 1", "layer 2", ...
	Colors  ColorMap
	Blend   Blend
	Shared  bool // one scale for each row rather than for each map
	Side    int  // pixels of a map, 0 = 96
}

// StripRow is one line of maps.
type StripRow struct {
	Name string
	Maps []Map
}

var stripTemplate = parse("layer strip", `<figure class="viz-figure" style="margin:0 0 18px">{{with .Title}}<div class="viz-title" style="font-weight:bold;font-size:13px;margin:0 0 4px">{{. | text}}</div>{{end}}
{{range .Rows}}{{with .Name}}<div style="font-size:12px;opacity:0.8;margin:0 0 2px">{{. | text}}</div>{{end}}<div style="margin:0 0 8px">{{range .Tiles}}<div style="display:inline-block;vertical-align:top;margin:0 6px 6px 0;font-size:11px"><img src="{{.Source}}" alt="{{.Alt | text}}" width="{{.Width}}" height="{{.Height}}" style="display:block;border-radius:3px;image-rendering:pixelated"><span style="opacity:0.75">{{.Name | text}}</span></div>{{end}}</div>
{{end}}{{with .Caption}}<figcaption style="font-size:13px;opacity:0.8;max-width:720px">{{. | text}}</figcaption>{{end}}</figure>`)

type stripLine struct {
	Name  string
	Tiles []galleryTile
}

func (l LayerStrip) html(*sheet) (template.HTML, error) {
	pixels := l.Side
	if pixels <= 0 {
		pixels = 96
	}
	photo := max(l.Picture.Width, l.Picture.Height) >= photoSide
	img, err := Thumbnail(l.Picture, l.Mask, pixels)
	if err != nil {
		return "", fmt.Errorf("layer strip %q: %w", l.Title, err)
	}
	picture, err := newTile(img, photo, "picture", "picture")
	if err != nil {
		return "", err
	}
	var rows []stripLine
	for _, row := range l.Rows {
		line := stripLine{Name: row.Name, Tiles: []galleryTile{picture}}
		o := HeatmapOptions{Colors: l.Colors, Blend: l.Blend, Side: pixels}
		if l.Shared {
			o.Low, o.High = rowRange(row.Maps)
		}
		for i, m := range row.Maps {
			img, err := Heatmap(l.Picture, m, o)
			if err != nil {
				return "", fmt.Errorf("layer strip %q, row %q, map %d: %w", l.Title, row.Name, i+1, err)
			}
			tile, err := newTile(img, true, l.label(i), row.Name+" "+l.label(i))
			if err != nil {
				return "", err
			}
			line.Tiles = append(line.Tiles, tile)
		}
		rows = append(rows, line)
	}
	return execute(stripTemplate, struct {
		Title, Caption string
		Rows           []stripLine
	}{l.Title, l.Caption, rows})
}

func (l LayerStrip) label(i int) string {
	if i < len(l.Labels) {
		return l.Labels[i]
	}
	return fmt.Sprintf("layer %d", i+1)
}

func rowRange(maps []Map) (low, high float32) {
	for i, m := range maps {
		l, h := m.Range()
		if i == 0 {
			low, high = l, h
		}
		low, high = min(low, l), max(high, h)
	}
	return low, high
}
