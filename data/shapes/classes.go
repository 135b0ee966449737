package shapes

// classNames in the order of the class index.
var classNames = [...]string{
	"ellipse", "triangle", "square", "bar", "star5", "star4", "gear8", "flower3", "flower6", "heart",
	"crescent", "plus", "ring", "l_shape", "t_shape", "arrow", "hourglass", "dumbbell", "fish", "mushroom",
}

// NumClasses is the number of classes, and of habitats: every class has its own.
const NumClasses = len(classNames)

const numTextures, numPatterns = 10, 10

// ClassNames returns the names of the classes; the position is the class index.
func ClassNames() []string { return append([]string(nil), classNames[:]...) }

// Habitat is the background that belongs to a class, a number below NumClasses.
func Habitat(class int) int { return (9*class + 4) % NumClasses }

var patternNames = [numPatterns]string{
	"gradient", "horizon", "gravel", "stripes", "bricks", "waves", "dots", "checks", "diagonals", "camouflage",
}

// BackgroundName is the pattern and the palette of a background: every pattern
// comes with two neighbouring hues and with two opposed ones.
func BackgroundName(background int) string {
	name := patternNames[background%numPatterns]
	if background < numPatterns {
		return name + ", close hues"
	}
	return name + ", opposed hues"
}

// classTexture is the usual texture of a class; two classes share each.
func classTexture(class int) int { return (3*class + 1) % numTextures }

// classHue is the usual hue of a class's first colour.
func classHue(class int) float32 { return float32(7*class%NumClasses) / float32(NumClasses) }

// classHueOffset leads from a class's first hue to its second.
func classHueOffset(class int) float32 {
	return [...]float32{0, .17, .5, .33}[(class/2+class)%4]
}

// colour is red, green, blue; 1 is full.
type colour [3]float32

// hsv converts hue (any number; its fraction counts), saturation and value.
func hsv(hue, saturation, value float32) colour {
	at := func(n float32) float32 {
		k := n + mul(fraction(hue), 6)
		if k >= 6 {
			k -= 6
		}
		return value - mul(mul(value, saturation), clamp(min(k, 4-k), 0, 1))
	}
	return colour{at(5), at(3), at(1)}
}
