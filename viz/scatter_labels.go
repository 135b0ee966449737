package viz

// labels places the names of points beside them so that none covers another or
// a marker. What finds no room is left out; its point says it when pointed at.
type labels struct {
	frame  plotFrame
	wanted []wantedLabel
	boxes  []box // markers, then the labels placed so far
}

type wantedLabel struct {
	x, y float64
	text string
}

type box struct{ left, top, right, bottom float64 }

func (b box) meets(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// maxLabels bounds the work: more names than this say nothing anyway.
const maxLabels = 120

func (l *labels) point(x, y float64, text string) {
	if len(l.boxes) < 5000 {
		l.boxes = append(l.boxes, box{x - 4, y - 4, x + 4, y + 4})
	}
	if text != "" && len(l.wanted) < maxLabels {
		l.wanted = append(l.wanted, wantedLabel{x, y, elide(text, 24)})
	}
}

func (l *labels) draw(d *drawing) {
	const size, height = 11, 12
	for _, w := range l.wanted {
		width := textWidth(w.text, size)
		for _, place := range [...]struct {
			dx, dy float64
			anchor string
		}{
			{8, 4, "start"}, {-8, 4, "end"}, {0, -8, "middle"}, {0, 16, "middle"},
			{7, -6, "start"}, {7, 14, "start"}, {-7, -6, "end"}, {-7, 14, "end"},
		} {
			x, y := w.x+place.dx, w.y+place.dy
			b := box{x, y - height + 2, x + width, y + 2}
			switch place.anchor {
			case "end":
				b.left, b.right = x-width, x
			case "middle":
				b.left, b.right = x-width/2, x+width/2
			}
			if l.fits(b) {
				l.boxes = append(l.boxes, b)
				d.text(x, y, place.anchor, w.text, size, 0.85)
				break
			}
		}
	}
}

func (l *labels) fits(b box) bool {
	if b.left < l.frame.left || b.right > l.frame.right+14 || b.top < l.frame.top-4 || b.bottom > l.frame.bottom {
		return false
	}
	for _, o := range l.boxes {
		if b.meets(o) {
			return false
		}
	}
	return true
}
