package viz

import (
	"fmt"
	"html/template"
	"image"
)

// PictureTable is pictures in rows and columns: images down, models or methods
// across, as in the paper's Figures 1 to 3 and 5. It shows as many rows as its
// byte limit allows and says how many it left out.
type PictureTable struct {
	Title    string
	Note     string // below: how the pictures were chosen
	Columns  []string
	Rows     []PictureRow
	Maps     string // what the maps show, in the legend; "" = relevance
	Colors   ColorMap
	Blend    Blend
	Side     int // longer side of a picture in pixels, 0 = 128
	PageSize int // rows before the rest is folded away, 0 = 12
	MaxBytes int // 0 = 5 MB
}

// PictureRow is one line, one cell for each column; a cell without a picture is empty.
type PictureRow struct {
	Label string
	Cells []PictureCell
}

// PictureCell is one picture, with a map over it where there is one.
type PictureCell struct {
	Picture   Picture
	Relevance *Map // drawn on its own scale
	Caption   string
	Mark      Mark
}

// Mark says whether a prediction is right.
type Mark int

const (
	NoMark Mark = iota
	Right
	Wrong
)

type pictureTile struct {
	galleryTile
	Mark  string
	Trend Trend // the colour of the mark
}

type pictureLine struct {
	Label string
	Cells []pictureTile
}

type picturePage struct {
	First, Last int
	Rows        []pictureLine
}

var pictureTableTemplate = parse("picture table", `<div class="viz-gallery" style="margin:0 0 20px">{{with .Title}}<div class="viz-title" style="font-weight:bold;font-size:14px;margin:0 0 4px">{{. | text}}</div>{{end}}{{.Bar}}
{{range $i, $page := .Pages}}{{if $i}}<details class="viz-details" style="margin:0 0 10px"><summary>{{.First}} to {{.Last}} of {{$.Total}}</summary>{{end}}<div class="viz-scroll" style="overflow-x:auto;margin:0 0 8px"><table class="viz-pictures" style="border-collapse:collapse;border:0;margin:0;font-size:12px">
{{with $.Columns}}<thead><tr style="background-color:transparent">{{if $.Labels}}<td style="border:0"></td>{{end}}{{range .}}<th scope="col" style="text-align:left;font-weight:normal;padding:0 14px 4px 0;opacity:0.8">{{. | text}}</th>{{end}}</tr></thead>
{{end}}<tbody>{{range .Rows}}<tr style="background-color:transparent">{{if $.Labels}}<th scope="row" style="text-align:left;font-weight:normal;vertical-align:top;padding:2px 14px 12px 0;max-width:150px;word-break:break-word">{{.Label | text}}</th>{{end}}{{range .Cells}}<td style="text-align:left;vertical-align:top;padding:0 14px 12px 0">{{if .Source}}<img src="{{.Source}}" alt="{{.Alt | text}}" width="{{.Width}}" height="{{.Height}}" style="display:block;border-radius:3px;image-rendering:pixelated">{{end}}{{if or .Mark .Name}}<div style="max-width:{{.Width}}px;margin:2px 0 0;word-break:break-word">{{if .Mark}}<span class="{{.Trend.Class}}" style="color:{{.Trend.Color}}">{{.Mark}}</span> {{end}}{{.Name | text}}</div>{{end}}</td>{{end}}</tr>
{{end}}</tbody></table></div>{{if $i}}</details>{{end}}
{{end}}{{with .Words}}<p class="viz-tablenote" style="font-size:12px;opacity:0.75;margin:4px 0 0;max-width:720px">{{. | text}}</p>{{end}}</div>`)

type pictureTableView struct {
	Title, Words string
	Columns      []string
	Labels       bool // whether some row has one
	Bar          template.HTML
	Pages        []picturePage
	Total        int
}

func (p PictureTable) html(s *sheet) (template.HTML, error) {
	limit := p.MaxBytes
	if limit <= 0 {
		limit = defaultGalleryBytes
	}
	limit = min(limit, s.left) - pageOverhead
	pageSize := p.PageSize
	if pageSize <= 0 {
		pageSize = 12
	}
	view := pictureTableView{Title: p.Title, Columns: p.Columns, Total: len(p.Rows)}
	used, shown := 0, 0
	for i, row := range p.Rows {
		view.Labels = view.Labels || row.Label != ""
		line, bytes, err := p.line(row)
		if err != nil {
			return "", fmt.Errorf("pictures %q, row %d %q: %w", p.Title, i+1, row.Label, err)
		}
		if used+bytes > limit {
			break
		}
		used, shown = used+bytes, shown+1
		if i%pageSize == 0 {
			view.Pages = append(view.Pages, picturePage{First: i + 1})
		}
		last := &view.Pages[len(view.Pages)-1]
		last.Last, last.Rows = i+1, append(last.Rows, line)
	}
	s.left -= used + pageOverhead
	return p.assemble(s, view, shown)
}

func (p PictureTable) assemble(s *sheet, view pictureTableView, shown int) (template.HTML, error) {
	switch {
	case len(p.Rows) == 0:
		view.Words = "No pictures."
	case shown < len(p.Rows):
		view.Words = fmt.Sprintf("Shown: %d of %d rows. Left out to bound the size of the page: %d.", shown, len(p.Rows), len(p.Rows)-shown)
	}
	if p.Note != "" {
		view.Words = p.Note + " " + view.Words
	}
	if p.hasMaps() {
		bar := ColorBar{Colors: p.Colors, Low: "low", High: "high", Label: Gallery{Maps: p.Maps}.maps() + ", each map on its own scale"}
		var err error
		if view.Bar, err = bar.html(s); err != nil {
			return "", err
		}
	}
	return execute(pictureTableTemplate, view)
}

func (p PictureTable) hasMaps() bool {
	for _, row := range p.Rows {
		for _, c := range row.Cells {
			if c.Relevance != nil {
				return true
			}
		}
	}
	return false
}

// line draws one row and counts its bytes.
func (p PictureTable) line(row PictureRow) (line pictureLine, bytes int, err error) {
	if len(row.Cells) > len(p.Columns) {
		return line, 0, fmt.Errorf("%d pictures, expected at most %d (its columns)", len(row.Cells), len(p.Columns))
	}
	line.Label, bytes = row.Label, 300
	for c, cell := range row.Cells {
		tile := pictureTile{}
		if cell.Picture.Width > 0 {
			if tile, err = p.tile(row.Label+" "+p.Columns[c], cell); err != nil {
				return line, 0, fmt.Errorf("column %q: %w", p.Columns[c], err)
			}
		}
		line.Cells = append(line.Cells, tile)
		bytes += tile.bytes()
	}
	return line, bytes, nil
}

func (p PictureTable) tile(name string, cell PictureCell) (tile pictureTile, err error) {
	side := Gallery{Side: p.Side}.side()
	photo := max(cell.Picture.Width, cell.Picture.Height) >= photoSide
	var img *image.RGBA
	if cell.Relevance != nil {
		photo = true
		img, err = Heatmap(cell.Picture, *cell.Relevance, HeatmapOptions{Colors: p.Colors, Blend: p.Blend, Side: side})
	} else {
		img, err = Thumbnail(cell.Picture, nil, side)
	}
	if err != nil {
		return tile, err
	}
	if tile.galleryTile, err = newTile(img, photo, cell.Caption, name+" "+cell.Caption); err != nil {
		return tile, err
	}
	switch cell.Mark {
	case Right:
		tile.Mark, tile.Trend = rightMark, Rose
	case Wrong:
		tile.Mark, tile.Trend = wrongMark, Fell
	}
	return tile, nil
}
