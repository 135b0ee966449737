package shapes

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// dice is the stream of random numbers of one image. It draws only PCG's raw 64
// bits, whose sequence is documented, so the images do not depend on how a Go
// version turns them into floats.
type dice struct{ pcg *rand.PCG }

func newDice(seed uint64, index int) dice {
	// Scrambled first: neighbouring states of one PCG give related streams.
	return dice{rand.NewPCG(scramble(seed), scramble(scramble(seed)^uint64(index)))}
}

// scramble is the finaliser of SplitMix64, a bijection of 64 bits.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unit is uniform in [0, 1).
func (d dice) unit() float32 { return float32(d.pcg.Uint64()>>40) / (1 << 24) }

// between is uniform in [low, high).
func (d dice) between(low, high float32) float32 { return mix(low, high, d.unit()) }

func (d dice) within(r Range) float32 { return d.between(float32(r.Low), float32(r.High)) }

// around is uniform in [-width, width).
func (d dice) around(width float64) float32 { return d.between(float32(-width), float32(width)) }

// below is uniform in 0..n-1; 0 where n < 1.
func (d dice) below(n int) int {
	if n < 1 {
		return 0
	}
	high, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(high)
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return float64(d.pcg.Uint64()>>11)/(1<<53) < p }

// sign is -1 or 1.
func (d dice) sign() float32 {
	if d.chance(.5) {
		return -1
	}
	return 1
}

// angle is uniform in [0, 6.28), as the recipe rounds it.
func (d dice) angle() float32 { return d.between(0, 6.28) }

// normal has mean 0 and variance 1.
func (d dice) normal() float32 { return quantiles[d.pcg.Uint64()>>(64-quantileBits)] }

// spread is normal with the given standard deviation.
func (d dice) spread(deviation float64) float32 { return mul(float32(deviation), d.normal()) }

const quantileBits = 12

// quantiles are the 4096 equally likely values that normal returns, rounded to
// multiples of 2^-16, so that the last bit of math.Erfinv cannot matter.
var quantiles = func() (table [1 << quantileBits]float32) {
	for i := range table {
		p := (float64(i) + .5) / float64(len(table))
		table[i] = float32(math.Round(math.Sqrt2*math.Erfinv(float64(2*p)-1)*(1<<16)) / (1 << 16))
	}
	return table
}()
