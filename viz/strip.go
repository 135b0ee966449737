package viz

import (
	"fmt"
	"html/template"
)

// LayerStrip shows one map for each layer, or head, in rows: how the attention
// or the relevance of one picture grows through the network. Maps for which the
// page has no room are left out, and their number is said.
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
{{end}}{{with .Words}}<p class="viz-tablenote" style="font-size:12px;opacity:0.75;margin:4px 0 0">{{.}}</p>{{end}}{{with .Caption}}<figcaption style="font-size:13px;opacity:0.8;max-width:720px">{{. | text}}</figcaption>{{end}}</figure>`)

type stripLine struct {
	Name  string
	Tiles []galleryTile
}

func (l LayerStrip) html(s *sheet) (template.HTML, error) {
	photo := max(l.Picture.Width, l.Picture.Height) >= photoSide
	img, err := Thumbnail(l.Picture, l.Mask, l.side())
	if err != nil {
		return "", fmt.Errorf("layer strip %q: %w", l.Title, err)
	}
	picture, err := newTile(img, photo, "picture", "picture")
	if err != nil {
		return "", err
	}
	view := struct {
		Title, Caption, Words string
		Rows                  []stripLine
	}{Title: l.Title, Caption: l.Caption}
	total, shown := 0, 0
	for _, row := range l.Rows {
		line, err := l.line(s, row, picture)
		if err != nil {
			return "", fmt.Errorf("layer strip %q, row %q, %w", l.Title, row.Name, err)
		}
		total, shown = total+len(row.Maps), shown+max(len(line.Tiles)-1, 0)
		if len(line.Tiles) > 0 {
			view.Rows = append(view.Rows, line)
		}
	}
	if shown < total {
		view.Words = fmt.Sprintf("Shown: %d of %d maps. Left out to bound the size of the page: %d.", shown, total, total-shown)
	}
	return execute(stripTemplate, view)
}

// line draws the picture and the maps of a row, as long as the page has room.
func (l LayerStrip) line(s *sheet, row StripRow, picture galleryTile) (line stripLine, err error) {
	line.Name = row.Name
	if !line.add(s, picture) {
		return line, nil
	}
	o := HeatmapOptions{Colors: l.Colors, Blend: l.Blend, Side: l.side()}
	if l.Shared {
		o.Low, o.High = rowRange(row.Maps)
	}
	for i, m := range row.Maps {
		img, err := Heatmap(l.Picture, m, o)
		if err != nil {
			return line, fmt.Errorf("map %d: %w", i+1, err)
		}
		tile, err := newTile(img, true, l.label(i), row.Name+" "+l.label(i))
		if err != nil {
			return line, err
		}
		if !line.add(s, tile) {
			break
		}
	}
	return line, nil
}

// add is false where the page has no room for the tile.
func (line *stripLine) add(s *sheet, tile galleryTile) bool {
	if s.left < tile.bytes()+pageOverhead {
		return false
	}
	s.left -= tile.bytes()
	line.Tiles = append(line.Tiles, tile)
	return true
}

func (l LayerStrip) side() int {
	if l.Side <= 0 {
		return 96
	}
	return l.Side
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
