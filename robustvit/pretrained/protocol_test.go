package pretrained

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

func TestProtocolOfTakesTheModelsOwnNumbers(t *testing.T) {
	deit, err := robustvit.LookupVariant("deit_small_patch16_224.fb_in1k")
	if err != nil {
		t.Fatal(err)
	}
	own := deit
	own.CropPct, own.Interpolation = 1, "bilinear"
	squashed := deit
	squashed.CropPct, squashed.CropMode = 0.875, "squash"
	for name, test := range map[string]struct {
		protocol string
		variant  robustvit.Variant
		want     data.Protocol
	}{
		"timm by default":                   {"timm", deit, data.Timm(0.9, deit.Mean, deit.Std)},
		"timm":                              {"timm", own, data.Protocol{Name: "timm", Filter: data.Bilinear, Crop: 1, Mean: deit.Mean, Std: deit.Std}},
		"squashed":                          {"timm", squashed, data.Protocol{Name: "timm", Filter: data.Bicubic, Crop: 0.875, Squash: true, Mean: deit.Mean, Std: deit.Std}},
		"paper is the same for every model": {"paper", own, data.Paper()},
		"native":                            {"native", own, data.Protocol{Name: "native", Scale: 1, Mean: deit.Mean, Std: deit.Std}},
	} {
		got, err := ProtocolOf(test.protocol, test.variant)
		if err != nil || got != test.want {
			t.Errorf("%s: %+v, %v; expected %+v", name, got, err, test.want)
		}
	}
}

func TestProtocolOfRefusesWhatItCannotDo(t *testing.T) {
	for want, v := range map[string]robustvit.Variant{
		"crop fraction 1.5": {CropPct: 1.5}, "crop fraction -1": {CropPct: -1}, "lanczos": {Interpolation: "lanczos"}, "border": {CropMode: "border"},
	} {
		if _, err := ProtocolOf("timm", v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected one with %q", err, want)
		}
		if _, err := ProtocolOf("paper", v); err != nil {
			t.Errorf("paper needs none of it: %v", err)
		}
	}
}
