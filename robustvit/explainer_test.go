package robustvit_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

// TestAttentionRolloutOracle: the CLS row of the full product in float64, for
// maps whose rows sum to anything; it sums to 1.
func TestAttentionRolloutOracle(t *testing.T) {
	const batch, layers = 2, 3
	v := robustvit.Variant{ImageSize: 24, Patch: 8, Depth: layers, Heads: 2, PrefixTokens: 2, Classes: 2}
	n := v.Tokens()
	rng := rand.New(rand.NewPCG(5, 5))
	var inputs []any
	rolled := [batch]naiveMatrix{identityMatrix(n), identityMatrix(n)}
	for range layers {
		values := randomFloats(rng, batch*v.Heads*n*n, 0, 0.3)
		inputs = append(inputs, tensor(values, batch, v.Heads, n, n))
		for b := range batch {
			rolled[b] = naiveProduct(naiveResidual(widen(values[b*v.Heads*n*n:(b+1)*v.Heads*n*n]), v.Heads, n), rolled[b])
		}
	}
	inputs = append(inputs, tensor(make([]float32, batch*2), batch, 2))
	got := call(t, func(in []*Node) []*Node {
		return []*Node{robustvit.AttentionRollout(v, &robustvit.Trace{Attentions: in[:layers], Logits: in[layers]})}
	}, inputs...)[0]
	for b := range batch {
		row, sum := got[b*n:(b+1)*n], 0.0
		for _, x := range row {
			sum += float64(x)
		}
		if off := maxDifference(row, rolled[b][0]); off > 1e-6 || math.Abs(sum-1) > 1e-6 {
			t.Errorf("image %d: rollout off by %g and sums to %g, want 1", b, off, sum)
		}
	}
}

// naiveResidual is (I + mean over heads) with rows scaled to 1.
func naiveResidual(attention []float64, heads, n int) naiveMatrix {
	m := identityMatrix(n)
	for i := range n {
		sum := 0.0
		for j := range n {
			for h := range heads {
				m[i][j] += attention[(h*n+i)*n+j] / float64(heads)
			}
			sum += m[i][j]
		}
		for j := range n {
			m[i][j] /= sum
		}
	}
	return m
}

func naiveProduct(a, b naiveMatrix) naiveMatrix {
	n := len(a)
	m := identityMatrix(n)
	for i := range n {
		for j := range n {
			m[i][j] = 0
			for k := range n {
				m[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return m
}

// TestGradCAMHandCase: logit 0 is a weighted sum of the attention, so the
// weights are its gradient; the CLS column and other rows count for nothing.
func TestGradCAMHandCase(t *testing.T) {
	v := robustvit.Variant{ImageSize: 16, Patch: 8, Depth: 1, Heads: 2, PrefixTokens: 1, Classes: 2}
	n := v.Tokens()
	attention, kernel := make([]float32, 2*n*n), make([]float32, 2*n*n)
	for i := range kernel {
		attention[i], kernel[i] = 9, 7
	}
	for h, row := range [][]float32{{9, 0.1, 0.2, 0.3, 0.4}, {9, 0.5, 0, 0, 0.1}} {
		copy(attention[h*n*n:], row)
	}
	copy(kernel, []float32{100, 1, 2, 3, 2})           // mean over the patches 2
	copy(kernel[n*n:], []float32{100, -1, -2, -1, -4}) // mean -2
	got := call(t, func(in []*Node) []*Node {
		logit := Reshape(ReduceAllSum(Mul(in[0], in[1])), 1, 1)
		trace := &robustvit.Trace{Attentions: in[:1], Logits: Concatenate([]*Node{logit, ZerosLike(logit)}, 1)}
		return []*Node{robustvit.GradCAM(v, trace, in[2])}
	}, tensor(attention, 1, 2, n, n), tensor(kernel, 1, 2, n, n), []int32{0})[0]
	// Half of 2*a - 2*b, below 0 cut: 0.1-0.5, 0.2, 0.3, 0.4-0.1.
	if off := maxDifference(got, []float64{0, 0.2, 0.3, 0.3}); off > 1e-6 {
		t.Errorf("Grad-CAM = %v, want [0 0.2 0.3 0.3]", got)
	}
}

func TestExplainers(t *testing.T) {
	batch, predictor := randomBatch(tiny, 3, 8), newPredictor(t, 3)
	image, pixels := 3*tiny.ImageSize*tiny.ImageSize, tiny.ImageSize*tiny.ImageSize
	explain := func(kind robustvit.Explainer, images []float32, classes []int32, n int) robustvit.Explanation {
		t.Helper()
		e, err := predictor.ExplainWith(kind, images, classes, n)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	byClass := map[robustvit.Explainer]bool{robustvit.GAEExplainer: true, robustvit.GradCAMExplainer: true, robustvit.InputGradientExplainer: true}
	plain, err := predictor.Explain(batch.Images, nil, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range robustvit.Explainers() {
		all := explain(kind, batch.Images, nil, 3)
		if len(all.Logits) != 3*tiny.Classes || len(all.Patches) != 3*tiny.Patches() || len(all.Maps) != 3*pixels {
			t.Fatalf("%s: %d logits, %d patches, %d pixels", kind, len(all.Logits), len(all.Patches), len(all.Maps))
		}
		if off := maxDifference(all.Logits, widen(plain.Logits)); off > 1e-5 {
			t.Errorf("%s: logits are off by %g", kind, off)
		}
		if kind == robustvit.GAEExplainer && !slices.Equal(all.Maps, plain.Maps) {
			t.Error("gae is not Explain")
		}
		if low, high := slices.Min(all.Maps), slices.Max(all.Maps); low != 0 || high != 1 {
			t.Errorf("%s: maps span %g to %g, want 0 to 1", kind, low, high)
		}
		if alone := explain(kind, batch.Images[image:2*image], nil, 1); !slices.Equal(alone.Maps, all.Maps[pixels:2*pixels]) {
			t.Errorf("%s: the map depends on the batch mates", kind)
		}
		zero, four := explain(kind, batch.Images, []int32{0, 0, 0}, 3), explain(kind, batch.Images, []int32{4, 4, 4}, 3)
		if differ := !slices.Equal(zero.Patches, four.Patches); differ != byClass[kind] {
			t.Errorf("%s: classes 0 and 4 differ is %v, want %v", kind, differ, byClass[kind])
		}
	}
	if _, err := predictor.ExplainWith(robustvit.RolloutExplainer, batch.Images, []int32{5}, 1); err == nil {
		t.Error("class 5 of a model of 5 classes was explained")
	}
	if _, err := predictor.ExplainWith(9, batch.Images, nil, 1); err == nil {
		t.Error("an unknown explainer was taken")
	}
}

func TestExplainerNames(t *testing.T) {
	for _, kind := range robustvit.Explainers() {
		text, _ := kind.MarshalText()
		var back robustvit.Explainer
		if err := back.UnmarshalText(text); err != nil || back != kind {
			t.Errorf("%s read back as %s: %v", text, back, err)
		}
	}
	var kind robustvit.Explainer
	if err := kind.UnmarshalText([]byte("lime")); err == nil || !strings.Contains(err.Error(), "grad-cam") {
		t.Errorf("an unknown explainer: %v", err)
	}
}

// TestLayers: relevance grows layer by layer to that of Explain.
func TestLayers(t *testing.T) {
	batch, predictor := randomBatch(tiny, 2, 8), newPredictor(t, 3)
	layers, err := predictor.Layers(batch.Images, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := predictor.Explain(batch.Images, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	patches := tiny.Patches()
	if len(layers) != 2*tiny.Depth*patches {
		t.Fatalf("%d values, want 2 images x %d layers x %d patches", len(layers), tiny.Depth, patches)
	}
	for b := range 2 {
		first, last := layers[b*2*patches:][:patches], layers[(b*2+1)*patches:][:patches]
		if off := maxDifference(last, widen(whole.Patches[b*patches:][:patches])); off > 1e-6 {
			t.Errorf("image %d: the last layer is off Explain by %g", b, off)
		}
		for i := range first {
			if first[i] > last[i] || first[i] < 0 {
				t.Errorf("image %d, patch %d: relevance falls from %g to %g", b, i, first[i], last[i])
			}
		}
	}
}

// TestHeads: R is I before the first layer, so that what the heads of it bring
// is, on average, the whole relevance after it; and no head brings less than nothing.
func TestHeads(t *testing.T) {
	batch, predictor := randomBatch(tiny, 2, 8), newPredictor(t, 3)
	heads, err := predictor.Heads(batch.Images, []int32{1, -1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := predictor.Layers(batch.Images, []int32{1, -1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	patches := tiny.Patches()
	image := tiny.Depth * tiny.Heads * patches
	if len(heads) != 2*image {
		t.Fatalf("%d values, want 2 images x %d layers x %d heads x %d patches", len(heads), tiny.Depth, tiny.Heads, patches)
	}
	for b := range 2 {
		mean := make([]float64, patches)
		for i, value := range heads[b*image:][:tiny.Heads*patches] {
			if value < 0 {
				t.Fatalf("image %d: a head brings %g", b, value)
			}
			mean[i%patches] += float64(value) / float64(tiny.Heads)
		}
		if off := maxDifference(layers[b*tiny.Depth*patches:][:patches], mean); off > 1e-6 {
			t.Errorf("image %d: the heads of layer 1 are off its relevance by %g", b, off)
		}
	}
	if _, err := predictor.Heads(batch.Images, []int32{99}, 1); err == nil {
		t.Error("a class that there is not was taken")
	}
}

// TestMaskGradientFiniteDifference: log p along the gradient and along a random
// direction, against central differences of the probability.
func TestMaskGradientFiniteDifference(t *testing.T) {
	const n, reach = 2, 0.02
	batch, predictor := randomBatch(tiny, n, 8), newPredictor(t, 3)
	pixels := tiny.ImageSize * tiny.ImageSize
	rng := rand.New(rand.NewPCG(6, 6))
	masks, classes := randomFloats(rng, n*pixels, 0.2, 0.8), []int32{1, 3}
	run := func(masks []float32) (gradients, probabilities []float32) {
		t.Helper()
		gradients, probabilities, err := predictor.MaskGradient(batch.Images, masks, classes, n)
		if err != nil {
			t.Fatal(err)
		}
		return gradients, probabilities
	}
	gradients, _ := run(masks)
	directions := map[string][]float32{"random": randomFloats(rng, n*pixels, -1, 1), "gradient": slices.Clone(gradients)}
	for name, direction := range directions {
		want, norm := make([]float64, n), make([]float64, n)
		for i, d := range direction {
			norm[i/pixels] += float64(d) * float64(d)
			want[i/pixels] += float64(d) * float64(gradients[i])
		}
		up, down := slices.Clone(masks), slices.Clone(masks)
		for i, d := range direction {
			along := float32(reach) * d / float32(math.Sqrt(norm[i/pixels]))
			up[i], down[i] = up[i]+along, down[i]-along
		}
		_, more := run(up)
		_, less := run(down)
		for b := range n {
			got := (math.Log(float64(more[b])) - math.Log(float64(less[b]))) / (2 * reach)
			if expected := want[b] / math.Sqrt(norm[b]); math.Abs(got-expected) > 2e-4+0.01*math.Abs(expected) {
				t.Errorf("image %d along the %s: log p changes by %g a unit, the gradient says %g", b, name, got, expected)
			}
		}
	}
}

func TestMaskGradientOfWholeImages(t *testing.T) {
	batch, predictor := randomBatch(tiny, 2, 8), newPredictor(t, 3)
	pixels := tiny.ImageSize * tiny.ImageSize
	ones := slices.Repeat([]float32{1}, 2*pixels)
	gradients, probabilities, err := predictor.MaskGradient(batch.Images, ones, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	logits, err := predictor.Logits(batch.Images, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(gradients) != 2*pixels || len(probabilities) != 2 {
		t.Fatalf("%d gradients and %d probabilities of 2 images", len(gradients), len(probabilities))
	}
	for i, p := range probabilities {
		if _, confidence := robustvit.Rank(logits[i*tiny.Classes:][:tiny.Classes]); math.Abs(float64(p)-confidence[0]) > 1e-5 {
			t.Errorf("image %d: p of the predicted class %g, the logits give %g", i, p, confidence[0])
		}
	}
	for name, fault := range map[string]func() error{
		"masks": func() error { _, _, err := predictor.MaskGradient(batch.Images, ones[1:], nil, 2); return err },
		"class": func() error { _, _, err := predictor.MaskGradient(batch.Images, ones, []int32{5}, 2); return err },
		"count": func() error { _, _, err := predictor.MaskGradient(batch.Images, ones, nil, 4); return err },
	} {
		if fault() == nil {
			t.Errorf("wrong %s were taken", name)
		}
	}
}
