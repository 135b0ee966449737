//go:build linux && cgo && !noxla

package allocator

import (
	"math/rand/v2"
	"sync"
	"testing"
	"unsafe"
)

func bytes(p unsafe.Pointer, n int) []byte { return unsafe.Slice((*byte)(p), n) }

func needed(t *testing.T) {
	t.Helper()
	if !replaced() {
		t.Skip("not the GNU C library")
	}
	Drop()
	if used, _ := Buffers(); used != 0 {
		t.Fatalf("%d bytes are in use before the test", used)
	}
}

// A buffer is taken again by the next of its size; those kept never add to what
// was in use at some moment.
func TestBuffersAreKept(t *testing.T) {
	needed(t)
	const mib = 1 << 20
	expect := func(used, mapped int64) {
		t.Helper()
		if u, m := Buffers(); u != used*mib || m != mapped*mib {
			t.Errorf("%d MiB in use and %d mapped, expected %d and %d", u/mib, m/mib, used, mapped)
		}
	}
	a := take(64, 40*mib)
	expect(40, 40)
	give(a)
	expect(0, 40)
	b := take(64, 36*mib)
	if a != b {
		t.Error("a kept buffer of the size is not taken again")
	}
	give(b)
	c := take(64, 10*mib) // 40 MiB are too many for it, and both would be more than there ever were
	expect(10, 10)
	d := take(64, 25*mib)
	give(c)
	expect(25, 35)
	e := take(64, 4*mib) // another one fits beside what is kept
	expect(29, 39)
	give(d)
	give(e)
	expect(0, 39)
	f := take(64, 6*mib) // 10 MiB are the least that makes room for it
	expect(6, 35)
	give(f)
	Drop()
	expect(0, 0)
}

// What is taken begins where it was asked to, holds its content and overlaps
// with nothing, whatever is taken, moved and given back in between.
func TestRandomSizes(t *testing.T) {
	needed(t)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(worker)))
			type held struct {
				p    unsafe.Pointer
				size int
				mark byte
			}
			var all []held
			check := func(h held, n int) {
				for _, at := range []int{0, n / 2, n - 1} {
					if bytes(h.p, n)[at] != h.mark {
						t.Errorf("byte %d of %d is another one's", at, h.size)
					}
				}
			}
			for range 4000 {
				switch i := rng.IntN(max(len(all), 1)); {
				case len(all) < 60 && rng.IntN(2) == 0:
					alignment, size := 8<<rng.IntN(10), 1<<(4+rng.IntN(19))+rng.IntN(1<<12)
					p := take(alignment, size)
					if p == nil || uintptr(p)%uintptr(alignment) != 0 {
						t.Errorf("%d bytes at a multiple of %d: %v", size, alignment, p)
						return
					}
					h := held{p, size, byte(rng.Uint32())}
					for _, at := range []int{0, size / 2, size - 1} {
						bytes(p, size)[at] = h.mark
					}
					all = append(all, h)
				case len(all) > 0 && rng.IntN(4) == 0:
					h := &all[i]
					size := 1 + rng.IntN(2*h.size)
					h.p = move(h.p, size)
					if bytes(h.p, 1)[0] != h.mark {
						t.Error("moved memory lost its first byte")
					}
					bytes(h.p, size)[size/2], bytes(h.p, size)[size-1] = h.mark, h.mark
					h.size = size
				case len(all) > 0:
					check(all[i], all[i].size)
					give(all[i].p)
					all[i] = all[len(all)-1]
					all = all[:len(all)-1]
				}
			}
			for _, h := range all {
				give(h.p)
			}
		})
	}
	group.Wait()
	if used, _ := Buffers(); used != 0 {
		t.Errorf("%d bytes are in use though all were given back", used)
	}
}

// What cannot be is refused as the C library refuses it.
func TestRefused(t *testing.T) {
	needed(t)
	for _, c := range []struct{ alignment, size int }{{3, 100}, {0, 100}, {4, 100}, {64, 1 << 62}, {64, -1}} {
		if p := take(c.alignment, c.size); p != nil {
			t.Errorf("%d bytes at a multiple of %d were given", c.size, c.alignment)
		}
	}
	give(nil)
	give(move(nil, 10))
}
