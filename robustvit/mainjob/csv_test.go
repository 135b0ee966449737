package mainjob

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

func TestCSVHoldsTheChangeOfTunedModelsOnly(t *testing.T) {
	r := Results{Models: []ModelInfo{{Name: Before}, {Name: After}}, Sets: []SetResult{{
		Name:  "val",
		Top1:  map[string]evaluate.Rate{Before: evaluate.NewRate(8, 10), After: evaluate.NewRate(9, 10)},
		Top5:  map[string]evaluate.Rate{Before: evaluate.NewRate(10, 10), After: evaluate.NewRate(10, 10)},
		Delta: map[string]evaluate.Difference{After: {Points: 10, Low: -5, High: 25}},
	}}}
	var text strings.Builder
	if err := r.WriteCSV(&text); err != nil {
		t.Fatal(err)
	}
	want := "val,before,10,80.00,44.39,97.48,100.00,69.15,100.00,,,\nval,after,10,90.00,55.50,99.75,100.00,69.15,100.00,10.00,-5.00,25.00\n"
	if _, rows, _ := strings.Cut(text.String(), "\n"); rows != want {
		t.Errorf("rows\n%swant\n%s", rows, want)
	}
}
