package main

import (
	"reflect"
	"testing"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
)

// TestMethodFlag: a baseline brings its own objective, which other flags change;
// gae keeps the preset's.
func TestMethodFlag(t *testing.T) {
	two := 2.0
	preset := robustvit.Published()
	preset.Temperature = 0.65
	doubled, released := robustvit.RRR(), robustvit.GradMask()
	doubled.Background, doubled.ClassTerm = 2, robustvit.KLOriginal
	released.Order = robustvit.FirstOrder
	for _, c := range []struct {
		flags finetuneFlags
		want  robustvit.Objective
	}{
		{finetuneFlags{}, preset},
		{finetuneFlags{Method: "gae"}, preset},
		{finetuneFlags{Method: "gradmask", Order: "first-order"}, released},
		{finetuneFlags{Method: "rrr", ClassTerm: "kl-original", LambdaBackground: &two}, doubled},
	} {
		config := finetune.Config{Objective: preset}
		if err := c.flags.objective(&config); err != nil || !reflect.DeepEqual(config.Objective, c.want) {
			t.Errorf("--method %q: %+v, want %+v (%v)", c.flags.Method, config.Objective, c.want, err)
		}
	}
}
