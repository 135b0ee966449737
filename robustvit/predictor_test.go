package robustvit_test

import (
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit"
)

func newPredictor(t *testing.T, batch int) *robustvit.Predictor {
	t.Helper()
	values, err := robustvit.NewValues(tiny, randomWeights(tiny, 5))
	if err != nil {
		t.Fatal(err)
	}
	store, err := robustvit.NewStore(tiny, values)
	if err != nil {
		t.Fatal(err)
	}
	predictor, err := robustvit.NewPredictor(goBackend(t), tiny, store, batch)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(predictor.Close)
	return predictor
}

func TestImagesDoNotMix(t *testing.T) {
	batch, one := randomBatch(tiny, 3, 8), 3*tiny.ImageSize*tiny.ImageSize
	predictor := newPredictor(t, 3)
	together, err := predictor.Explain(batch.Images, nil, 3)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := predictor.Explain(batch.Images[one:2*one], nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	pixels := tiny.ImageSize * tiny.ImageSize
	if !slices.Equal(together.Maps[pixels:2*pixels], alone.Maps) {
		t.Error("the relevance map of an image depends on its batch mates")
	}
	if !slices.Equal(together.Logits[tiny.Classes:2*tiny.Classes], alone.Logits) {
		t.Error("the logits of an image depend on its batch mates")
	}
}

func TestTargetClassChangesTheMap(t *testing.T) {
	batch := randomBatch(tiny, 1, 8)
	predictor := newPredictor(t, 1)
	zero, err := predictor.Explain(batch.Images, []int32{0}, 1)
	if err != nil {
		t.Fatal(err)
	}
	four, err := predictor.Explain(batch.Images, []int32{4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(zero.Patches, four.Patches) {
		t.Error("classes 0 and 4 have the same relevance: the target class is ignored")
	}
	if _, err := predictor.Explain(batch.Images, []int32{5}, 1); err == nil {
		t.Error("class 5 of a model of 5 classes was explained")
	}
}

func TestVariants(t *testing.T) {
	// Parameter counts as timm reports them.
	for name, want := range map[string]int{
		"vit_base_patch16_224.orig_in21k_ft_in1k":    86567656,
		"vit_large_patch16_224.augreg_in21k_ft_in1k": 304326632,
		"deit_small_patch16_224.fb_in1k":             22050664,
		"vit_base_patch8_224.dino":                   85807872,
	} {
		v, err := robustvit.LookupVariant(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Validate(); err != nil {
			t.Error(err)
		}
		got := 0
		for _, spec := range v.WeightSpecs() {
			n := 1
			for _, d := range spec.Shape {
				n *= d
			}
			got += n
		}
		if got != want {
			t.Errorf("%s has %d parameters, want %d", name, got, want)
		}
	}
	if _, err := robustvit.LookupVariant("vit_huge"); err == nil {
		t.Error("an unknown model was found")
	}
	for _, name := range robustvit.VariantNames() {
		if v, err := robustvit.LookupVariant(name); err != nil || v.Validate() != nil {
			t.Errorf("%s: %v %v", name, err, v.Validate())
		}
	}
}
