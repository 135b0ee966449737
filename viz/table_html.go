package viz

import "html/template"

var tableTemplate = parse("table", `<div class="viz-scroll" style="overflow-x:auto;margin:0 0 18px"><table class="viz-table" style="border-collapse:collapse;border:0;margin:0;font-size:13px;font-variant-numeric:tabular-nums">
{{with .Title}}<caption style="text-align:left;font-weight:bold;padding:0 0 6px;caption-side:top">{{. | text}}</caption>{{end}}
<thead>
{{if .Groups}}<tr style="background-color:transparent"><td style="border:0"></td>{{range .Groups}}<th scope="colgroup" colspan="{{.Span}}" style="text-align:center;font-weight:bold;padding:3px 10px;border-bottom:1px solid rgba(128,128,128,0.45){{if .First}};border-left:10px solid transparent{{end}}">{{.Name | text}}</th>{{end}}</tr>{{end}}
<tr style="background-color:transparent"><th scope="col" style="text-align:left;font-weight:normal;padding:4px 14px 5px 0;border-bottom:1px solid rgba(128,128,128,0.7);vertical-align:bottom;opacity:0.8">{{.Corner | text}}</th>{{range .Heads}}<th scope="col" style="text-align:{{.Align}};font-weight:normal;padding:4px 10px 5px;border-bottom:1px solid rgba(128,128,128,0.7);vertical-align:bottom;opacity:0.8{{if .Gap}};border-left:10px solid transparent{{end}}{{if .Reference}};font-style:italic{{end}}">{{.Name | text}}</th>{{end}}</tr>
</thead>
<tbody>
{{range .Rows}}{{$row := .}}<tr style="background-color:transparent"><th scope="row" style="text-align:left;vertical-align:top;white-space:nowrap;line-height:1.3;padding:4px 14px 4px 0;font-weight:{{if .Major}}bold{{else}}normal{{end}}{{if .Rule}};border-top:1px solid rgba(128,128,128,0.45){{end}}">{{.Name | text}}</th>{{range .Cells}}<td style="text-align:{{.Align}};white-space:nowrap;padding:4px 10px;vertical-align:top;line-height:1.3;font-weight:{{if or .Best $row.Major}}bold{{else}}normal{{end}}{{if $row.Rule}};border-top:1px solid rgba(128,128,128,0.45){{end}}{{if .Gap}};border-left:10px solid transparent{{end}}{{if .Reference}};font-style:italic;opacity:0.9{{end}}">{{if .Trend}}<span class="{{.Trend.Class}}" style="color:{{.Trend.Color}}"><span style="font-size:10px">{{.Trend.Mark}}</span> {{.Main}}</span>{{else if .Missing}}<span style="opacity:0.45">{{.Main}}</span>{{else if .Address}}<a href="{{.Address}}">{{.Main}}</a>{{else}}{{.Main}}{{end}}{{with .Side}}<br><small style="font-size:11px;font-weight:normal;opacity:0.65">{{.}}</small>{{end}}{{with .Paper}}<br><small class="viz-paper" style="font-size:11px;font-weight:normal;font-style:italic;opacity:0.75">{{.}}</small>{{end}}</td>{{end}}</tr>
{{end}}</tbody></table>{{with .Note}}<p class="viz-tablenote" style="font-size:12px;opacity:0.75;margin:6px 0 0;max-width:720px">{{. | text}}</p>{{end}}</div>`)

type tableHead struct {
	Name, Align    string
	Gap, Reference bool
}

type tableCell struct {
	tableHead
	Main, Side    string
	Paper         string
	Address       template.URL
	Best, Missing bool
	Trend         Trend
}

type tableLine struct {
	Name        string
	Rule, Major bool
	Cells       []tableCell
}

type tableView struct {
	Title, Corner, Note string
	Groups              []columnGroup
	Heads               []tableHead
	Rows                []tableLine
}

func (t Table) html(*sheet) (template.HTML, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	view := tableView{Title: t.Title, Corner: t.Corner, Note: t.Note, Heads: t.heads()}
	if t.hasGroups() {
		view.Groups = t.groups()
	}
	best := t.best()
	for r, row := range t.Rows {
		line := tableLine{Name: row.Name, Rule: row.Rule, Major: row.Major}
		for c := range t.Columns {
			cell := t.cell(r, c)
			shown := tableCell{tableHead: view.Heads[c], Main: cell.main(), Side: cell.side(), Paper: cell.paperText(),
				Best: best[r][c], Missing: cell.kind == missingCell, Trend: cell.trend}
			if cell.link != "" {
				shown.Address, _ = relativeAddress(cell.link) // looked at by check
			}
			line.Cells = append(line.Cells, shown)
		}
		view.Rows = append(view.Rows, line)
	}
	return execute(tableTemplate, view)
}

// heads says how each column is set: words to the left, numbers to the right,
// a gap where a new group begins.
func (t Table) heads() []tableHead {
	heads := make([]tableHead, len(t.Columns))
	for c, column := range t.Columns {
		heads[c] = tableHead{Name: column.Name, Reference: column.Reference, Align: "right", Gap: c > 0 && t.Columns[c-1].Group != column.Group}
		words, numbers := false, false
		for r := range t.Rows {
			kind := t.cell(r, c).kind
			words, numbers = words || kind == textCell, numbers || kind == numberCell
		}
		if words && !numbers { // a word among numbers stands under them
			heads[c].Align = "left"
		}
	}
	return heads
}
