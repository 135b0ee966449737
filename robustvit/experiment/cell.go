package experiment

import (
	"encoding/json"
	"math"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// round2 keeps result files small: two digits more than any table shows.
func round2(x float64) float64 { return math.Round(x*1000) / 1000 }

func pointer(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = round2(x)
	return &x
}

// Numbers are written with null where a value is not known.
type Numbers []float64

// MarshalJSON writes the numbers.
func (n Numbers) MarshalJSON() ([]byte, error) {
	values := make([]*float64, len(n))
	for i, x := range n {
		values[i] = pointer(x)
	}
	return json.Marshal(values)
}

// UnmarshalJSON reads them; null becomes NaN.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	var values []*float64
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	*n = make(Numbers, len(values))
	for i, x := range values {
		(*n)[i] = math.NaN()
		if x != nil {
			(*n)[i] = *x
		}
	}
	return nil
}

// number is a plain value.
func number(x float64, digits int) Cell { return Cell{Value: pointer(x), Digits: digits} }

// words is a cell without a number.
func words(text string) Cell { return Cell{Text: text} }

// rate is an accuracy with its interval.
func rate(r evaluate.Rate) Cell {
	if r.N == 0 {
		return words("–")
	}
	return Cell{Value: pointer(r.Percent), Low: pointer(r.Low), High: pointer(r.High), Digits: 1}
}

// plain is an accuracy without its interval.
func plain(r evaluate.Rate) Cell {
	if r.N == 0 {
		return words("–")
	}
	return number(r.Percent, 1)
}

// change is a difference with its interval.
func change(d evaluate.Difference) Cell {
	if d.N == 0 {
		return words("–")
	}
	return Cell{Value: pointer(d.Points), Low: pointer(d.Low), High: pointer(d.High), Digits: 1, Change: true, Noise: !d.Significant()}
}

// level is a mean with its interval.
func level(e evaluate.Estimate, digits int) Cell {
	if e.N == 0 {
		return words("–")
	}
	return Cell{Value: pointer(e.Value), Low: pointer(e.Low), High: pointer(e.High), Digits: digits}
}

// moved is a change with its paired interval.
func moved(e evaluate.Estimate, digits int) Cell {
	c := level(e, digits)
	if e.N > 0 {
		c.Change, c.Noise = true, !e.Significant()
	}
	return c
}

// estimated is moved as most tables show it.
func estimated(e evaluate.Estimate) Cell { return moved(e, 1) }

// beside puts the paper's number beside the cell's, where there is one.
func (c Cell) beside(published float64, ok bool) Cell {
	if ok {
		c.Paper, c.PaperChange = pointer(published), c.Change
	}
	return c
}
