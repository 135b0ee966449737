package viz

import (
	"fmt"
	"html/template"
	"time"
)

// Progress is the live view of a run: a bar, the loss terms with small curves,
// the time left and a strip of heatmaps. Notebooks replace it in place with
// every update; it is complete and bounded each time.
type Progress struct {
	Title   string
	Status  string // "finetuning", "finished", "stopped at step 240"
	Done    int    // steps
	Total   int    // 0: not known
	Elapsed time.Duration
	Left    time.Duration // 0: worked out from Done and Elapsed; below 0: not known yet
	Terms   []Term
	Strip   []StripItem // the first 16 are shown
	Note    string      // where the run is written
}

// Term is one number that is followed during a run, with its values so far.
type Term struct {
	Name    string
	History []float64
	Color   SeriesColor
}

// StripItem is one heatmap of the strip.
type StripItem struct {
	Name      string
	Picture   Picture
	Relevance Map
}

const maxStrip = 16

var progressTemplate = parse("progress", `<div class="viz-progress" style="max-width:760px;margin:0 0 12px">
<div style="font-size:13px;margin:0 0 4px"><strong>{{.Title | text}}</strong>{{with .Status}} <span style="opacity:0.75">· {{. | text}}</span>{{end}}</div>
<div style="height:8px;border-radius:4px;background-color:rgba(128,128,128,0.22);overflow:hidden" title="{{.Percent}} %"><div style="height:8px;border-radius:4px;width:{{.Percent}}%;background-color:#3b7dd8"></div></div>
<div style="font-size:12px;opacity:0.8;margin:4px 0 8px;font-variant-numeric:tabular-nums">{{.Line}}</div>
{{if .Terms}}<div>{{range .Terms}}<div style="display:inline-block;vertical-align:top;width:132px;margin:0 18px 8px 0"><div style="font-size:11px;opacity:0.75;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">{{.Name | text}}</div><div style="font-size:16px;font-variant-numeric:tabular-nums">{{.Value}}</div>{{with .Spark}}<img src="{{.}}" alt="curve so far" width="132" height="30" style="display:block">{{end}}</div>{{end}}</div>{{end}}
{{if .Tiles}}<div>{{range .Tiles}}<div style="display:inline-block;vertical-align:top;margin:0 6px 6px 0;font-size:11px"><img src="{{.Source}}" alt="{{.Alt | text}}" width="{{.Width}}" height="{{.Height}}" style="display:block;border-radius:3px;image-rendering:pixelated"><span style="opacity:0.75">{{.Name | text}}</span></div>{{end}}</div>{{end}}
{{with .Note}}<div style="font-size:12px;opacity:0.7">{{. | text}}</div>{{end}}</div>`)

type termView struct {
	Name, Value string
	Spark       template.URL
}

func (p Progress) html(*sheet) (template.HTML, error) {
	view := struct {
		Title, Status, Note, Line string
		Percent                   int
		Terms                     []termView
		Tiles                     []galleryTile
	}{Title: p.Title, Status: p.Status, Note: p.Note, Line: p.line(), Percent: int(100 * p.share())}
	for i, t := range p.Terms {
		spark, err := sparkline(t.History, t.Color.ink(i))
		if err != nil {
			return "", err
		}
		value := missingText
		if n := len(t.History); n > 0 {
			value = short(t.History[n-1])
		}
		view.Terms = append(view.Terms, termView{t.Name, value, spark})
	}
	for i, item := range p.Strip[:min(len(p.Strip), maxStrip)] {
		img, err := Heatmap(item.Picture, item.Relevance, HeatmapOptions{Side: 96})
		if err != nil {
			return "", fmt.Errorf("progress, heatmap %d: %w", i+1, err)
		}
		tile, err := newTile(img, true, item.Name, "relevance map of "+item.Name)
		if err != nil {
			return "", err
		}
		view.Tiles = append(view.Tiles, tile)
	}
	return execute(progressTemplate, view)
}

func (p Progress) share() float64 {
	if p.Total <= 0 {
		return 0
	}
	return min(max(float64(p.Done)/float64(p.Total), 0), 1)
}

func (p Progress) line() string {
	line := fmt.Sprintf("step %d", p.Done)
	if p.Total > 0 {
		line += fmt.Sprintf(" of %d · %d %%", p.Total, int(100*p.share()))
	}
	if p.Elapsed > 0 {
		line += " · " + clock(p.Elapsed) + " elapsed"
	}
	left := p.Left
	if left == 0 && p.Done > 0 && p.Total > p.Done {
		left = time.Duration(float64(p.Elapsed) / float64(p.Done) * float64(p.Total-p.Done))
	}
	if left > 0 {
		line += " · " + clock(left) + " left"
	}
	return line
}

// clock writes a duration as 0:41, 12:05 or 3:02:11.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// sparkline is a curve without axes, as an image of its own.
func sparkline(values []float64, color string) (template.URL, error) {
	const width, height = 132, 30
	s := Series{Y: values}
	f := plotFrame{x: newAxis(false, 4, s.xs()), y: newAxis(false, 4, values)}
	if low, high, ok := extent([][]float64{s.xs()}); ok && low < high {
		f.x.low, f.x.high = low, high
	}
	if low, high, ok := extent([][]float64{values}); ok && low < high {
		f.y.low, f.y.high = low, high
	}
	f.x.from, f.x.to, f.y.from, f.y.to = 2, width-4, height-3, 3
	d := newDrawing(&sheet{notebook: true}, width, height, "curve")
	d.line(0, height-1, width, height-1, d.Ink, 1, 0.25)
	d.curve(f, s, color, "")
	svg, err := execute(svgTemplate, d)
	return dataURL("image/svg+xml", []byte(svg)), err
}

// ProgressHTML is the live view as a string for a notebook's update function.
func ProgressHTML(p Progress) (string, error) { return HTML(p) }
