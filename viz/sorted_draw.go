package viz

import (
	"fmt"
	"math"
)

// outline draws all classes as one silhouette, gains left and losses right, with
// the parts shaded that are named below.
func (p SortedChanges) outline(d *drawing, all []sortedClass, most int) {
	values := []float64{0}
	for _, c := range all {
		values = append(values, c.Value)
	}
	f := plotFrame{y: newAxis(false, 4, values), top: 32, bottom: 32 + outlineHeight, right: d.Width - 4}
	f.left = f.y.labelWidth() + 10
	f.y.from, f.y.to = f.bottom, f.top
	slot := (f.right - f.left) / float64(len(all))
	up, down := len(gains(all, most)), len(losses(all, most))
	for _, part := range [][2]int{{0, up}, {len(all) - down, len(all)}} {
		if part[0] < part[1] {
			d.add(shape{Tag: "rect", X: f.left + float64(part[0])*slot, Y: f.top, W: float64(part[1]-part[0]) * slot, H: outlineHeight, Color: d.Ink, Opacity: 0.06})
		}
	}
	for _, t := range f.y.ticks {
		y, _ := f.y.at(t)
		d.line(f.left, y, f.right, y, d.Ink, 1, 0.13)
		d.text(f.left-7, y+4, "end", signed(t, f.y.decimals), 11, 0.7)
	}
	p.silhouette(d, f, all, slot)
	zero, _ := f.y.at(0)
	d.line(f.left, zero, f.right, zero, d.Ink, 1, 0.6)
	d.text((f.left+f.right)/2, f.bottom+16, "middle", fmt.Sprintf("all %d, sorted; shaded: named below", len(all)), 11, 0.7)
}

// silhouette is one path for the gains and one for the losses: a thousand bars
// without a thousand elements.
func (p SortedChanges) silhouette(d *drawing, f plotFrame, all []sortedClass, slot float64) {
	zero, _ := f.y.at(0)
	for _, positive := range []bool{true, false} {
		path, color := "", palette[Red]
		if positive {
			color = palette[Blue]
		}
		for i, c := range all {
			y, ok := f.y.at(c.Value)
			if !ok || c.Value == 0 || c.Value > 0 != positive {
				continue
			}
			x := f.left + float64(i)*slot
			switch {
			case slot > 4:
				path += "M" + point(x, zero) + "V" + coordinate(y) + "H" + coordinate(x+slot-1) + "V" + coordinate(zero) + "z"
			case path == "": // thin bars are one area: gaps below a pixel would be stripes
				path = "M" + point(x, zero)
				fallthrough
			default:
				path += "V" + coordinate(y) + "H" + coordinate(x+slot)
			}
		}
		if path != "" {
			if slot <= 4 {
				path += "V" + coordinate(zero) + "z"
			}
			d.add(shape{Tag: "path", Path: path, Fill: color, Opacity: 0.85})
		}
	}
}

// block draws the named classes as horizontal bars from zero, in a column of
// this width that begins at left. Its axis reaches to reach at least, so that
// two columns have one scale.
func (p SortedChanges) block(d *drawing, classes []sortedClass, left, width, top, reach float64) {
	values, nameWidth := []float64{0, reach}, 0.0
	for _, c := range classes {
		values = append(values, c.Value, c.Low, c.High)
		nameWidth = max(nameWidth, textWidth(elide(c.name, 28), 12)+10)
	}
	if len(classes) == 0 {
		return
	}
	const behind = 44 // room for the value behind the longest bar
	f := plotFrame{x: newAxis(false, max(int(width/90), 2), values), left: left + min(nameWidth, width/2), right: left + width, top: top}
	f.bottom = top + float64(len(classes))*sortedStep
	f.x.from, f.x.to = f.left+behind, f.right-behind
	for _, t := range f.x.ticks {
		x, _ := f.x.at(t)
		d.line(x, f.top, x, f.bottom, d.Ink, 1, 0.13)
		d.text(x, f.bottom+15, "middle", signed(t, f.x.decimals), 11, 0.7)
	}
	for row, c := range classes {
		p.bar(d, f, c, left, f.top+(float64(row)+0.5)*sortedStep)
	}
	zero, _ := f.x.at(0)
	d.line(zero, f.top, zero, f.bottom, d.Ink, 1.2, 0.7)
	if p.X != "" {
		d.text((f.x.from+f.x.to)/2, f.bottom+33, "middle", elide(p.X, 60), 12, 0.85)
	}
}

func (p SortedChanges) bar(d *drawing, f plotFrame, c sortedClass, left, y float64) {
	zero, _ := f.x.at(0)
	x, ok := f.x.at(c.Value)
	if !ok {
		return
	}
	d.text(left, y+4, "start", elide(c.name, 28), 12, 0.95)
	d.add(shape{Tag: "rect", X: min(x, zero), Y: y - 6, W: max(math.Abs(x-zero), 0.5), H: 12, R: 1.5, Color: c.ink(), Opacity: 0.85, Tip: clean(c.name + ": " + c.text(signed))})
	end := x
	if c.hasInterval() {
		low, _ := f.x.at(c.Low)
		high, _ := f.x.at(c.High)
		d.line(low, y, high, y, d.Ink, 1.1, 0.7)
		if end = max(x, high); c.Value < 0 {
			end = min(x, low)
		}
	}
	if c.Value < 0 {
		d.text(end-5, y+4, "end", signed(c.Value, 1), 11, 0.8)
	} else {
		d.text(end+5, y+4, "start", signed(c.Value, 1), 11, 0.8)
	}
}
