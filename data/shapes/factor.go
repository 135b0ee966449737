package shapes

import (
	"fmt"
	"math"
)

// Factor is what a set varies alone, as SI-Score's sets do.
type Factor uint8

const (
	NoFactor Factor = iota
	Location        // of the object's centre: "top left" to "bottom right", nine equal cells of the range it is drawn from
	Rotation        // clockwise in degrees from 0 to 360, bins of 30: "000-030" to "330-360"
	Area            // share of the image asked for, in percent: "03-05%" to "40-60%"
)

const angleBin = 30

// areaBins are the edges of the bins in percent; beyond the ends counts to the
// first and the last bin.
var areaBins = [...]int{3, 5, 10, 20, 40, 60}

// Value is the factor's value of image number index of the class: "" for
// NoFactor. The words sort like the values. It costs what the image's ground
// costs to paint, as the dice have to fall up to the object's place.
func (f Factor) Value(cfg Config, seed uint64, index, class int) string {
	if f == NoFactor {
		return ""
	}
	_, o := new(picture).paintGround(cfg, class, newDice(seed, index))
	switch f {
	case Location:
		return o.cell(cfg.Centre)
	case Rotation:
		return o.angle()
	default:
		return o.area(class)
	}
}

// cell is the ninth of the square of the given half width that holds the centre.
func (o *pose) cell(reach float64) string {
	third := func(at float32) int { return min(max(int((float64(at)/reach+1)*1.5), 0), 2) }
	row := [...]string{"top", "", "bottom"}[third(o.cy)]
	column := [...]string{"left", "", "right"}[third(o.cx)]
	switch {
	case row == "" && column == "":
		return "centre"
	case row == "" || column == "":
		return row + column
	}
	return row + " " + column
}

func (o *pose) angle() string {
	degrees := math.Mod(math.Atan2(float64(o.sine), float64(o.cosine))*180/math.Pi+360, 360)
	low := int(degrees) / angleBin * angleBin
	return fmt.Sprintf("%03d-%03d", low, low+angleBin)
}

func (o *pose) area(class int) string {
	percent := 25 * o.scale * o.scale * silhouetteAreas[class%NumClasses]
	bin := 0
	for bin < len(areaBins)-2 && percent >= float32(areaBins[bin+1]) {
		bin++
	}
	return fmt.Sprintf("%02d-%02d%%", areaBins[bin], areaBins[bin+1])
}
