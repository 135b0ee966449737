package shapes

import "math"

// A silhouette is negative inside, positive outside and zero on the outline; it
// lies roughly in the unit disc. u points right, v down. The values are not
// distances: figure.measure divides by the gradient.
type silhouette func(u, v float32) float32

func circle(u, v, cx, cy, radius float32) float32 {
	return sqrt(mul(u-cx, u-cx)+mul(v-cy, v-cy)+1e-9) - radius
}

func box(u, v, cx, cy, halfWidth, halfHeight float32) float32 {
	return max(abs(u-cx)-halfWidth, abs(v-cy)-halfHeight)
}

// half is the half plane below distance along the direction (nx, ny).
func half(u, v, nx, ny, distance float32) float32 {
	return (mul(u, nx)+mul(v, ny))/sqrt(mul(nx, nx)+mul(ny, ny)) - distance
}

// polar is the distance from the outline radius(angle), along the ray.
func polar(u, v, outline float32) float32 {
	return mul(sqrt(mul(u, u)+mul(v, v)+1e-9)-outline, .8)
}

// star is the radius of a star polygon in direction angle: n tips at radius 1.
func star(angle float32, n int, turn, inner float32) float32 {
	wedge := math.Pi / float32(n)
	fromTip := 1 - 2*abs(fraction(mul(angle+turn, float32(n)/(2*math.Pi)))-.5)
	phi := mul(fromTip, wedge)
	x, y := mul(inner, cos(wedge))-1, mul(inner, sin(wedge))
	return y / (mul(y, cos(phi)) - mul(x, sin(phi)))
}

func ellipse(u, v float32) float32 {
	a, b := u/1.25, v/.72
	return mul(sqrt(mul(a, a)+mul(b, b)+1e-9)-1, .8)
}

func triangle(u, v float32) float32 {
	return max(half(u, v, .87, -.5, .5), half(u, v, -.87, -.5, .5), v-.5)
}

func square(u, v float32) float32 { return box(u, v, 0, 0, .8, .8) }

func bar(u, v float32) float32 { return box(u, v, 0, 0, 1.2, .42) }

func star5(u, v float32) float32 {
	return polar(u, v, star(atan2(v, u), 5, math.Pi/2+math.Pi/5, .42))
}

func star4(u, v float32) float32 { return polar(u, v, star(atan2(v, u), 4, 0, .34)) }

func gear8(u, v float32) float32 {
	// .82 + .17 tanh(4 sin 8a), with tanh x = 2 step(x) - 1.
	return polar(u, v, .65+mul(.34, step(4*sin(8*atan2(v, u)))))
}

func flower3(u, v float32) float32 { return polar(u, v, .62+mul(.42, sin(3*atan2(v, u)))) }

func flower6(u, v float32) float32 { return polar(u, v, .72+mul(.28, cos(6*atan2(v, u)))) }

func heart(u, v float32) float32 {
	lobes := min(circle(u, v, -.42, -.3, .5), circle(u, v, .42, -.3, .5))
	tip := max(half(u, v, .8, .72, .5), half(u, v, -.8, .72, .5), -v-.3)
	return min(lobes, tip)
}

func crescent(u, v float32) float32 {
	return max(circle(u, v, 0, 0, 1), -circle(u, v, .48, 0, .82))
}

func plus(u, v float32) float32 { return min(box(u, v, 0, 0, 1, .3), box(u, v, 0, 0, .3, 1)) }

func ring(u, v float32) float32 { return abs(circle(u, v, 0, 0, .74)) - .24 }

func lShape(u, v float32) float32 {
	return min(box(u, v, -.5, 0, .32, .95), box(u, v, .1, .65, .9, .32))
}

func tShape(u, v float32) float32 {
	return min(box(u, v, 0, -.65, .95, .3), box(u, v, 0, .1, .28, .95))
}

func arrow(u, v float32) float32 {
	head := max(half(u, v, .75, .7, .75), half(u, v, .75, -.7, .75), -u)
	return min(head, box(u, v, -.45, 0, .6, .26))
}

func hourglass(u, v float32) float32 {
	return max(abs(v)-.95, mul(abs(u)-mul(.82, abs(v))-.1, .77))
}

func dumbbell(u, v float32) float32 {
	return min(circle(u, v, -.78, 0, .46), circle(u, v, .78, 0, .46), box(u, v, 0, 0, .8, .17))
}

func fish(u, v float32) float32 {
	a, b := (u+.25)/.85, v/.52
	body := mul(sqrt(mul(a, a)+mul(b, b)+1e-9)-1, .6)
	tail := max(u-1.15, .25-u, mul(abs(v)-mul(.72, u-.35)-.06, .8))
	return min(body, tail)
}

func mushroom(u, v float32) float32 {
	return min(max(circle(u, v, 0, 0, .98), v-.02), box(u, v, 0, .45, .27, .5))
}

// silhouettes by class index.
var silhouettes = [NumClasses]silhouette{
	ellipse, triangle, square, bar, star5, star4, gear8, flower3, flower6, heart,
	crescent, plus, ring, lShape, tShape, arrow, hourglass, dumbbell, fish, mushroom,
}

// silhouetteAreas are the areas of the silhouettes in their own coordinates, by
// class index, as the recipe counted them (within 1.3 %): they turn the area
// wanted into a scale.
var silhouetteAreas = [NumClasses]float32{
	2.8198, 1.2915, 2.5377, 1.9948, 1.2312, 0.9591, 2.1825, 1.4810, 1.7471, 1.8344,
	1.4383, 2.0150, 2.2251, 1.9659, 1.9092, 1.6612, 1.8467, 1.5459, 1.8731, 2.0347,
}
