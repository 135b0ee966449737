package mainjob

import "testing"

// The highest rate that passes is chosen, in whatever order the rates come.
func TestRateChoice(t *testing.T) {
	rule := RateRule{MaxDrop: 2}
	for _, order := range [][]float64{{8, 4, 2, 1}, {1, 2, 4, 8}} {
		c := RateChoice{OriginalAccuracy: 90, OriginalRelevance: .5}
		for _, rate := range order {
			p := RatePoint{Rate: rate, Accuracy: 88, Relevance: .5} // both bounds are allowed
			switch rate {
			case 8:
				p.Accuracy = 87.9
			case 4:
				p.Relevance = .51
			}
			if passes := c.Add(rule, p); passes != (rate < 4) {
				t.Errorf("rate %g passes: %v", rate, passes)
			}
		}
		if c.Rate != 2 || len(c.Points) != 4 {
			t.Errorf("rates %v: chose %g of %d points, expected 2 of 4", order, c.Rate, len(c.Points))
		}
		for _, p := range c.Points {
			if p.Rate == 8 && (p.Drop < 2.09 || p.Drop > 2.11) {
				t.Errorf("drop %g, expected 2.1", p.Drop)
			}
		}
	}
}
