package evaluate

import "gonum.org/v1/gonum/stat/distuv"

// Margin is how far a model may lie from the line, in points, as the baselines
// themselves do: Student's t (95 %, n - 2) times Spread. It leaves out that the
// line itself is uncertain, so it is too small rather than too large.
func (f RobustnessFit) Margin() float64 {
	n := len(f.Baselines)
	if n < 3 {
		return 0
	}
	return f.Spread * distuv.StudentsT{Sigma: 1, Nu: float64(n - 2)}.Quantile(0.975)
}
