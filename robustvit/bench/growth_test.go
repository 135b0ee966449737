package bench

import "testing"

// TestGrowthPoints: every point is a model and a batch that can be trained, and
// only one size differs from the model in the middle.
func TestGrowthPoints(t *testing.T) {
	points, err := growthPoints()
	if err != nil {
		t.Fatal(err)
	}
	middle, err := lookupModel(growthModel)
	if err != nil {
		t.Fatal(err)
	}
	axes, options := map[string]int{}, map[string]int{}
	for _, p := range points {
		axes[p.Axis]++
		options[p.Memory]++
		v := p.task.Variant
		if err := v.Validate(); err != nil {
			t.Errorf("%s: %v", p.title(), err)
		}
		if err := p.task.Memory.Validate(p.task.Batch); err != nil {
			t.Errorf("%s: %v", p.title(), err)
		}
		differ := 0
		for _, changed := range []bool{p.task.Batch != 8, v.ImageSize != middle.ImageSize, v.Depth != middle.Depth, v.Classes != middle.Classes} {
			if changed {
				differ++
			}
		}
		if differ > 1 {
			t.Errorf("%s: %d sizes differ: %+v, batch %d", p.title(), differ, v, p.task.Batch)
		}
		if p.Memory != "" && (p.peers != nil || p.task.Memory == (Task{}).Memory) {
			t.Errorf("%s: memory %+v, peers %v", p.title(), p.task.Memory, p.peers)
		}
	}
	if len(axes) != 4 || options["rematerialise"] < 3 || options["micro-batch 4"] < 3 {
		t.Errorf("axes %v, memory options %v", axes, options)
	}
}

// TestGrow measures one point beside the peer.
func TestGrow(t *testing.T) {
	points, err := growthPoints()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Options: options(t, "well"), folder: t.TempDir()}
	if err := b.meet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.grow(t.Context(), points[0]); err != nil {
		t.Fatal(err)
	}
	if all := b.results.Growth; len(all) != 1 || all[0].Axis != "batch" || all[0].Value != 4 || all[0].Peer != "lean" || !(all[0].Ratio > 0) || all[0].Case != "batch 4" {
		t.Errorf("growth %+v", all)
	}
}
