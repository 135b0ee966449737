package data

import "math/bits"

// stream is a SplitMix64 generator. It is our own because manifests and
// augmentation must stay the same when the Go version changes.
type stream struct{ state uint64 }

// newStream mixes the keys into one state: streams with different keys are
// independent.
func newStream(keys ...uint64) *stream {
	s := &stream{state: 0x6a09e667f3bcc909}
	for _, key := range keys {
		s.state = s.next() ^ (key * 0x9e3779b97f4a7c15)
	}
	s.state = s.next()
	return s
}

func (s *stream) next() uint64 {
	s.state += 0x9e3779b97f4a7c15
	z := s.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns an integer in [0, n).
func (s *stream) below(n int) int {
	high, _ := bits.Mul64(s.next(), uint64(n))
	return int(high)
}

// unit returns a number in [0, 1) with 24 random bits, exact in float32.
func (s *stream) unit() float32 { return float32(s.next()>>40) / (1 << 24) }

// symmetric returns a number in [-1, 1).
func (s *stream) symmetric() float32 { return s.unit()*2 - 1 }

// normal returns a nearly normal number (sum of twelve uniform ones): equal on
// every machine, which a logarithm is not.
func (s *stream) normal() float32 {
	sum := float32(-6)
	for range 12 {
		sum += s.unit()
	}
	return sum
}

// permutation returns a random order of 0 to n-1.
func (s *stream) permutation(n int) []int {
	order := make([]int, n)
	for i := range order {
		j := s.below(i + 1)
		order[i] = order[j]
		order[j] = i
	}
	return order
}

// Keys of the streams: what the randomness is for. One seed serves all.
const (
	forOrder uint64 = iota + 1
	forAugment
	forClasses
	forSamples
)
