package paper

// Tables 8 and 9: the method with classes drawn by several seeds, nine sets. The
// rows of the original models repeat Tables 1 and 2.

// table8 are the means of R@1 in percent.
var table8 = []line{
	{model: ViTB, method: Ours, values: []float64{80.3, 23.6, 36.1, 36.3, 70.1, 41.7, 38.6, 46.1, 60.9}},
	{model: ViTL, method: Ours, values: []float64{82.0, 25.0, 38.6, 41.1, 71.2, 42.6, 36.6, 45.3, 58.6}},
	{model: ARS, method: Ours, values: []float64{79.8, 18.3, 34.1, 33.6, 69.4, 39.1, 36.4, 47.6, 61.0}},
	{model: ARB, method: Ours, values: []float64{83.0, 30.9, 45.3, 44.9, 73.3, 47.0, 43.8, 54.7, 64.6}},
	{model: ARL, method: Ours, values: []float64{84.8, 42.2, 53.9, 54.0, 75.7, 51.7, 48.6, 57.8, 66.6}},
	{model: DeiTS, method: Ours, values: []float64{78.7, 10.4, 29.3, 29.0, 67.3, 31.5, 32.2, 40.6, 55.6}},
	{model: DeiTB, method: Ours, values: []float64{80.6, 17.2, 32.7, 31.2, 69.3, 35.9, 37.0, 43.3, 58.3}},
}

// table8Std are the standard deviations of R@1 in points.
var table8Std = []line{
	{model: ViTB, method: Ours, values: []float64{0.1, 0.7, 0.3, 0.1, 0.3, 0.6, 0.2, 0.4, 0.4}},
	{model: ViTL, method: Ours, values: []float64{0.1, 0.3, 0.4, 0.1, 0.2, 0.2, 0.4, 0.4, 0.5}},
	{model: ARS, method: Ours, values: []float64{0.2, 0.8, 0.2, 0.1, 0.2, 0.4, 0.9, 0.9, 0.8}},
	{model: ARB, method: Ours, values: []float64{0.1, 0.3, 0.7, 0.4, 0.2, 0.6, 0.7, 0.6, 0.5}},
	{model: ARL, method: Ours, values: []float64{0.3, 0.4, 0.3, 0.3, 0.1, 0.2, 0.6, 0.8, 0.3}},
	{model: DeiTS, method: Ours, values: []float64{0.1, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.4, 0.4}},
	{model: DeiTB, method: Ours, values: []float64{0.2, 0.2, 0.3, 0.3, 0.2, 0.2, 0.4, 0.4, 0.3}},
}

// table9 are the means of R@5 in percent.
var table9 = []line{
	{model: ViTB, method: Ours, values: []float64{95.4, 47.1, 51.3, 58.7, 89.4, 64.7, 57.5, 66.6, 81.2}},
	{model: ViTL, method: Ours, values: []float64{96.2, 49.2, 54.6, 64.3, 90.6, 65.5, 56.4, 66.3, 80.3}},
	{model: ARS, method: Ours, values: []float64{95.6, 40.9, 50.2, 55.3, 89.9, 61.8, 56.1, 67.6, 81.2}},
	{model: ARB, method: Ours, values: []float64{96.8, 56.8, 62.0, 67.9, 91.9, 69.9, 63.5, 75.1, 84.4}},
	{model: ARL, method: Ours, values: []float64{97.4, 67.3, 69.2, 75.7, 93.3, 73.5, 68.8, 78.1, 86.3}},
	{model: DeiTS, method: Ours, values: []float64{94.5, 29.0, 43.6, 47.6, 87.4, 53.0, 51.3, 59.3, 76.1}},
	{model: DeiTB, method: Ours, values: []float64{95.0, 40.1, 47.4, 49.7, 88.4, 56.3, 57.4, 61.9, 78.4}},
}

// table9Std are the standard deviations of R@5 in points.
var table9Std = []line{
	{model: ViTB, method: Ours, values: []float64{0.0, 0.8, 0.2, 0.3, 0.1, 0.5, 0.3, 0.5, 0.3}},
	{model: ViTL, method: Ours, values: []float64{0.0, 0.6, 0.3, 0.1, 0.3, 0.2, 0.3, 0.5, 0.3}},
	{model: ARS, method: Ours, values: []float64{0.1, 1.1, 0.4, 0.1, 0.1, 0.6, 0.8, 0.8, 0.5}},
	{model: ARB, method: Ours, values: []float64{0.1, 0.3, 0.7, 0.6, 0.1, 0.5, 0.8, 0.6, 0.5}},
	{model: ARL, method: Ours, values: []float64{0.1, 0.6, 0.4, 0.2, 0.1, 0.4, 0.7, 0.8, 0.3}},
	{model: DeiTS, method: Ours, values: []float64{0.1, 0.5, 0.0, 0.4, 0.1, 0.1, 0.2, 0.5, 0.3}},
	{model: DeiTB, method: Ours, values: []float64{0.1, 0.2, 0.4, 0.4, 0.1, 0.2, 0.4, 0.5, 0.3}},
}
