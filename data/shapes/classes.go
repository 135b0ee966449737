package shapes

// classNames are the silhouettes in the order of the class index.
var classNames = [...]string{
	"ellipse", "triangle", "square", "bar", "star5", "star4", "gear8", "flower3", "flower6", "heart",
	"crescent", "plus", "ring", "l_shape", "t_shape", "arrow", "hourglass", "dumbbell", "fish", "mushroom",
}

// NumClasses is the number of silhouettes, and of classes where a Config does not
// ask for more: then each silhouette comes in 2 or 4 finishes, and class c is
// silhouette c%NumClasses in finish c/NumClasses.
const NumClasses = len(classNames)

const numTextures, numPatterns = 10, 10

// finishes are the looks of a silhouette, each a class of its own. The hues of
// one silhouette lie a quarter of the circle apart or more, its textures differ.
var finishes = [...]struct {
	suffix  string
	turn    float32 // of the first hue
	texture int     // added to the number of the texture
}{{"", 0, 0}, {"_b", .5, 3}, {"_c", .25, 6}, {"_d", .75, 9}}

// ClassNames returns the names of the 20 classes; the position is the class index.
func ClassNames() []string { return namesOf(NumClasses) }

func namesOf(classes int) []string {
	names := make([]string, classes)
	for class := range names {
		names[class] = className(class)
	}
	return names
}

// className is "star5", "star5_b", "star5_c" or "star5_d".
func className(class int) string {
	return classNames[class%NumClasses] + finishes[class/NumClasses].suffix
}

// Habitat is the background that belongs to a class: a number below 20 for the
// first 20 classes, 20 to 39 for the next. Every class has its own, and the
// finishes of a silhouette live on different patterns.
func Habitat(class int) int {
	silhouette, finish := class%NumClasses, class/NumClasses
	return NumClasses*finish + (9*silhouette+4+3*finish)%NumClasses
}

var patternNames = [numPatterns]string{
	"gradient", "horizon", "gravel", "stripes", "bricks", "waves", "dots", "checks", "diagonals", "camouflage",
}

// palettes are the pairs of hues that a pattern comes in, two for each finish.
// Two pairs of one pattern differ by at least .15 of the circle in one of the
// hues, in whichever order they are seen.
var palettes = [...]struct {
	turn   float32 // of the first hue
	offset float32 // from the first hue to the second
	name   string
}{
	{0, .12, "close hues"}, {0, .45, "opposed hues"},
	{.5, .12, "close hues b"}, {.25, .45, "opposed hues b"},
	{.25, .12, "close hues c"}, {0, .28, "distant hues c"},
	{.75, .12, "close hues d"}, {.5, .28, "distant hues d"},
}

// BackgroundName is the pattern and the palette of a background. Among 20
// backgrounds every pattern comes with two neighbouring hues and with two
// opposed ones.
func BackgroundName(background int) string {
	return patternNames[background%numPatterns] + ", " + palettes[background/numPatterns].name
}

// classTexture is the usual texture of a class; a tenth of the classes share each.
func classTexture(class int) int {
	return (3*(class%NumClasses) + 1 + finishes[class/NumClasses].texture) % numTextures
}

// classHue is the usual hue of a class's first colour.
func classHue(class int) float32 {
	return float32(7*class%NumClasses)/float32(NumClasses) + finishes[class/NumClasses].turn
}

// classHueOffset leads from a class's first hue to its second; it differs between
// the finishes, so that none has the hues of another exchanged.
func classHueOffset(class int) float32 {
	silhouette, finish := class%NumClasses, class/NumClasses
	return [...]float32{0, .17, .5, .33}[(silhouette/2+silhouette+finish)%4]
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
