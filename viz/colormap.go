package viz

import (
	"image/color"
	"math"
	"strconv"
	"strings"
)

// ColorMap names a colour scale. The zero value is Viridis.
type ColorMap int

const (
	// Viridis is perceptually uniform and reads without colour vision and in print.
	Viridis ColorMap = iota
	// Inferno is uniform too, dark at zero: for maps shown without a picture.
	Inferno
	// Jet is what the paper's figures use: vivid, not uniform.
	Jet
	// Diverging is blue, neutral, red: for differences, zero in the middle.
	Diverging
)

func (m ColorMap) String() string {
	switch m {
	case Inferno:
		return "inferno"
	case Jet:
		return "jet"
	case Diverging:
		return "diverging"
	}
	return "viridis"
}

// ParseColorMap reads a name as String writes it; ok is false for any other.
func ParseColorMap(name string) (m ColorMap, ok bool) {
	for m := Viridis; m <= Diverging; m++ {
		if strings.EqualFold(name, m.String()) {
			return m, true
		}
	}
	return Viridis, false
}

// At gives the colour of v in [0, 1]; values outside are clamped and NaN is the
// neutral grey that no scale contains.
func (m ColorMap) At(v float64) color.RGBA {
	if math.IsNaN(v) {
		return color.RGBA{128, 128, 128, 255}
	}
	v = min(max(v, 0), 1)
	switch m {
	case Inferno:
		return between(inferno, v)
	case Jet:
		return jet(v)
	case Diverging:
		return between(diverging, v)
	}
	return between(viridis, v)
}

// jet is MATLAB's definition: three trapezoids, a quarter of the scale apart.
func jet(v float64) color.RGBA {
	ramp := func(centre float64) uint8 {
		return uint8(math.Round(255 * min(max(1.5-math.Abs(4*v-centre), 0), 1)))
	}
	return color.RGBA{ramp(3), ramp(2), ramp(1), 255}
}

// between interpolates a table of equally spaced colours.
func between(knots []color.RGBA, v float64) color.RGBA {
	last := len(knots) - 1
	i := min(int(v*float64(last)), last-1)
	f := v*float64(last) - float64(i)
	a, b := knots[i], knots[i+1]
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-f) + float64(b)*f + 0.5) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// knots reads a table of colours of six hex digits each.
func knots(table string) []color.RGBA {
	out := make([]color.RGBA, len(table)/6)
	for i := range out {
		n, err := strconv.ParseUint(table[6*i:6*i+6], 16, 32)
		if err != nil {
			panic(err) // a constant of this file
		}
		out[i] = color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
	}
	return out
}

// Every fifth entry of the public-domain (CC0) tables of 256: interpolated, no
// channel is off by more than 1.2 of 255.
var (
	viridis = knots("44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725")
	inferno = knots("00000402020c0504170a072210092d160b391e0c45260c512f0a5b380962400a67490b6a510e6c59106e61136e69166e71196e781c6d801f6c88226a902568982766a02a63a82e5fb0315bb73557bf3952c63d4dcc4248d34743d94d3ddf5337e45a31e9612bed6925f1711ff47918f78212f98b0bfa9407fb9d07fca60cfcb014fbba1ffac42af8cd37f6d746f4e156f2ea69f2f27df5f992fcffa4")
)

// divergingKnots: hues 255 and 42 degrees of Oklab, lightness .955 in the middle
// and .47 at both ends, so that equal differences look equally strong.
var diverging = knots("205ba02765ae2f6fbc3879c94483d2518eda5f98e16da3e77badec8ab6f099c0f3a8c9f5b7d2f6c6dbf6d5e3f6e3eaf4f0f0f0f3e7e2f4dcd2f4d0c3f2c4b3f0b8a3ecac93e89f83e39374dc8665d57a56cd6e48c4623aba572dae4e24a1451c933c15")
