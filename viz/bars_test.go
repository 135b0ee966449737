package viz

import (
	"math"
	"testing"
)

// Names that do not fit side by side are tilted, and stay inside the picture.
func TestTiltedNames(t *testing.T) {
	names := []string{"a first name that is long", "b", "another long name here", "c", "d", "e", "f", "g"}
	b := Bars{Names: names, Series: []Group{{Name: "s", Values: make([]Estimate, len(names))}}, Width: 420}
	slot := 48.0
	if !b.namesTilt(slot) {
		t.Fatal("long names stand side by side")
	}
	left, down := b.tiltedRoom(slot)
	for i, name := range names {
		length := textWidth(elide(name, 20), 11)
		if x := left + (float64(i)+0.5)*slot - length*math.Cos(tilt); x < 0 {
			t.Errorf("%q begins %.0f pixels left of the picture", name, -x)
		}
		if y := length * math.Sin(tilt); y > down {
			t.Errorf("%q ends %.0f pixels below the room of %.0f", name, y, down)
		}
	}
}
