package shapes

import "math"

// The functions in this file give the same bits on every machine. The standard
// library's sine may differ in its last bit between architectures, and Go may
// fuse x*y + z into one rounding on some of them; one differing bit moves a
// pixel now and then, and with it every hash. So every product that is added to
// something goes through mul (an explicit conversion forbids the fusion), and
// only operations that IEEE 754 rounds exactly are used: + - * / and sqrt.

// mul is a*b, rounded before anything is added to it.
func mul(a, b float32) float32 { return float32(a * b) }

// mix is a + (b-a)*t.
func mix(a, b, t float32) float32 { return a + mul(b-a, t) }

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func abs(x float32) float32 {
	return math.Float32frombits(math.Float32bits(x) &^ (1 << 31))
}

func clamp(x, low, high float32) float32 { return min(max(x, low), high) }

// floor holds for |x| < 2^31.
func floor(x float32) float32 {
	t := float32(int32(x))
	if t > x {
		t--
	}
	return t
}

// fraction is x mod 1 in [0, 1), also for negative x.
func fraction(x float32) float32 { return x - floor(x) }

// sin has an absolute error below 1e-6 for |x| < 100.
func sin(x float32) float32 {
	const piHigh, piLow = 3.140625, 9.6765358979e-4
	turn := floor(mul(x, 1/math.Pi) + .5)
	r := x - mul(turn, piHigh)
	r -= mul(turn, piLow)
	q := mul(r, r)
	p := 1.0/362880 - mul(q, 1.0/39916800)
	p = -1.0/5040 + mul(q, p)
	p = 1.0/120 + mul(q, p)
	p = -1.0/6 + mul(q, p)
	s := r + mul(mul(r, q), p)
	if int32(turn)&1 != 0 {
		return -s
	}
	return s
}

func cos(x float32) float32 { return sin(float32(x) + math.Pi/2) }

// exp has a relative error below 1e-6; x is held within [-80, 80].
func exp(x float32) float32 {
	const ln2High, ln2Low = 0.693359375, -2.12194440e-4
	x = clamp(x, -80, 80)
	power := floor(mul(x, math.Log2E) + .5)
	r := x - mul(power, ln2High)
	r -= mul(power, ln2Low)
	p := 1.0/120 + mul(r, 1.0/720)
	p = 1.0/24 + mul(r, p)
	p = 1.0/6 + mul(r, p)
	p = .5 + mul(r, p)
	p = 1 + mul(r, p)
	p = 1 + mul(r, p)
	return p * math.Float32frombits(uint32(int32(power)+127)<<23)
}

// step is the soft step .5 + .5*tanh(x): 0 far left, 1 far right.
func step(x float32) float32 { return 1 / (1 + exp(-2*x)) }

// wave is a sine with flattened crests, in [0, 1]: the recipe's stripes.
func wave(x float32) float32 { return step(3 * sin(x)) }

// atan2 has an absolute error below 1e-5.
func atan2(y, x float32) float32 {
	ay, ax := abs(y), abs(x)
	small, large := min(ay, ax), max(ay, ax)
	if large == 0 {
		return 0
	}
	t := small / large
	q := mul(t, t)
	p := -.0336042 + mul(q, .00681177)
	p = .07962376 + mul(q, p)
	p = -.13233357 + mul(q, p)
	p = .19807824 + mul(q, p)
	p = -.3331737 + mul(q, p)
	p = .99999611 + mul(q, p)
	a := mul(t, p)
	if ay > ax {
		a = math.Pi/2 - a
	}
	if x < 0 {
		a = math.Pi - a
	}
	if y < 0 {
		return -a
	}
	return a
}

// logarithm is ln x for x > 0, by the series of 2 artanh((m-1)/(m+1)) on the
// mantissa m in [.5, 1).
func logarithm(x float64) float64 {
	m, e := math.Frexp(x)
	z := (m - 1) / (m + 1)
	q := float64(z * z)
	sum := 0.0
	for k := 39; k >= 1; k -= 2 {
		sum = 1/float64(k) + float64(q*sum)
	}
	return float64(float64(e)*math.Ln2) + float64(2*float64(z*sum))
}
