package backend

import "testing"

// The check comes before every start: it must stay far below the load itself.
func BenchmarkCheck(b *testing.B) {
	p, ok := pick(findPlugins(ProjectRoot()), "cpu")
	if !ok {
		b.Skip("no plugin")
	}
	for b.Loop() {
		if err := p.check(); err != nil {
			b.Fatal(err)
		}
	}
}
