package pretrained_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// TestPublishedModels holds the registry, the table of variants and the timm protocol together.
func TestPublishedModels(t *testing.T) {
	all, err := pretrained.Published()
	if err != nil {
		t.Fatal(err)
	}
	timm, err := data.ProtocolByName("timm")
	if err != nil {
		t.Fatal(err)
	}
	var names, paper []string
	seen := map[string]bool{}
	for _, m := range all {
		names = append(names, m.Name)
		if m.Variant.Name != m.Name || m.Variant.ImageSize != 224 {
			t.Errorf("%s: variant %s of %d pixels", m.Name, m.Variant.Name, m.Variant.ImageSize)
		}
		if m.Crop != timm.Crop || !strings.EqualFold(m.Interpolation, timm.Filter.String()) {
			t.Errorf("%s: crop %g %s, the timm protocol has %g %s", m.Name, m.Crop, m.Interpolation, timm.Crop, timm.Filter)
		}
		imagenet := m.Variant.Mean != [3]float32{0.5, 0.5, 0.5}
		if imagenet != (strings.HasPrefix(m.Name, "deit") || strings.HasSuffix(m.Name, ".dino")) {
			t.Errorf("%s: mean %v", m.Name, m.Variant.Mean)
		}
		if (m.Variant.Classes == 0) != strings.HasSuffix(m.Name, ".dino") {
			t.Errorf("%s: %d classes", m.Name, m.Variant.Classes)
		}
		if m.Paper != "" {
			paper = append(paper, m.Paper)
		}
		if (m.Paper != "") != (m.Rate > 0 && m.Temperature > 0) {
			t.Errorf("%s: rate %g, temperature %g", m.Name, m.Rate, m.Temperature)
		}
		for _, name := range append([]string{m.Name, m.Paper}, m.Aliases...) {
			key := strings.ToLower(name)
			if name != "" && seen[key] {
				t.Errorf("the name %s stands for two models", name)
			}
			seen[key] = true
			if name == "" {
				continue
			}
			if found, err := weights.LookupKnown(strings.ToUpper(name)); err != nil || found.Name != m.Name {
				t.Errorf("%s: found %s, %v", name, found.Name, err)
			}
		}
		if m.Source == "" || m.Licence == "" || m.Repo == "" || m.File == "" {
			t.Errorf("%s: source, licence or place missing: %+v", m.Name, m.Known)
		}
	}
	if want := []string{"ViT-B", "ViT-L", "AR-S", "AR-B", "AR-L", "DeiT-S", "DeiT-B"}; !slices.Equal(paper, want) {
		t.Errorf("the paper's models are %v, want %v", paper, want)
	}
	for _, name := range robustvit.VariantNames() {
		if ours := strings.Contains(name, "demo") || strings.Contains(name, "mini"); !ours && !slices.Contains(names, name) {
			t.Errorf("variant %s is published and not in the registry", name)
		}
	}
	if _, err := weights.LookupKnown("resnet50"); err == nil || !strings.Contains(err.Error(), "robustvit weights list") {
		t.Errorf("an unknown name: error %v", err)
	}
}
