//go:build never


package deps

import (
	_ "github.com/gomlx/compute/gobackend"
	_ "github.com/gomlx/go-xla/compute/xla"
	_ "github.com/gomlx/gomlx/ml/model"
	_ "github.com/gomlx/gomlx/core/graph"
	_ "github.com/alecthomas/kong"
	_ "github.com/janpfeifer/must"
	_ "github.com/janpfeifer/gonb/gonbui"
	_ "github.com/nlpodyssey/gopickle/pytorch"
	_ "github.com/google/go-cmp/cmp"
	_ "pgregory.net/rapid"
	_ "golang.org/x/image/webp"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/term"
	_ "golang.org/x/net/html"
	_ "gonum.org/v1/gonum/stat/distuv"
	_ "github.com/schollz/progressbar/v3"
)
