package paper

// table10 is Table 10: R@1 and R@5 of the six real sets by half of the classes, in percent.
var table10 = []line{
	{model: ViTB, half: SetA, method: Original, values: []float64{82.0, 96.0, 14.8, 35.2, 32.9, 47.4, 36.8, 58.4, 71.3, 89.8, 36.0, 55.8}},
	{model: ViTB, half: SetA, method: Ours, values: []float64{82.0, 95.7, 22.9, 46.1, 35.5, 50.5, 38.1, 59.7, 71.4, 89.9, 43.5, 64.6}},
	{model: ViTB, half: SetB, method: Original, values: []float64{81.0, 95.9, 17.2, 38.7, 34.7, 49.6, 34.0, 56.4, 70.9, 90.1, 33.9, 57.0}},
	{model: ViTB, half: SetB, method: Ours, values: []float64{78.6, 95.1, 25.3, 49.8, 37.1, 52.3, 34.4, 57.4, 68.6, 88.9, 40.3, 65.7}},
	{model: ARB, half: SetA, method: Original, values: []float64{83.8, 97.2, 25.3, 51.6, 39.8, 56.9, 44.7, 66.5, 74.4, 92.3, 39.8, 64.9}},
	{model: ARB, half: SetA, method: Ours, values: []float64{81.2, 96.7, 32.2, 59.1, 44.6, 60.9, 47.2, 68.7, 74.9, 92.2, 45.2, 70.9}},
	{model: ARB, half: SetB, method: Original, values: []float64{85.0, 97.3, 22.6, 46.7, 42.3, 58.7, 41.5, 64.9, 73.3, 92.4, 42.6, 62.7}},
	{model: ARB, half: SetB, method: Ours, values: []float64{85.0, 97.2, 30.3, 54.9, 44.8, 62.2, 42.0, 66.1, 72.1, 91.9, 48.4, 69.2}},
	{model: DeiTB, half: SetA, method: Original, values: []float64{81.7, 94.4, 11.7, 29.4, 29.6, 42.9, 32.0, 49.3, 70.3, 86.5, 32.7, 48.8}},
	{model: DeiTB, half: SetA, method: Ours, values: []float64{81.7, 95.2, 15.2, 37.5, 30.9, 45.5, 31.5, 49.6, 69.4, 88.4, 36.6, 55.3}},
	{model: DeiTB, half: SetB, method: Original, values: []float64{79.9, 94.0, 14.1, 32.5, 32.4, 45.7, 30.4, 48.0, 69.0, 87.0, 29.8, 48.1}},
	{model: DeiTB, half: SetB, method: Ours, values: []float64{79.3, 94.7, 19.1, 42.5, 33.9, 48.5, 30.3, 48.8, 68.9, 88.3, 34.8, 57.3}},
}

// table11 is Table 11: R@1 and R@5 of the three SI-Score sets by half of the classes, in percent.
var table11 = []line{
	{model: ViTB, half: SetA, method: Original, values: []float64{34.2, 52.5, 40.5, 60.3, 56.5, 76.1}},
	{model: ViTB, half: SetA, method: Ours, values: []float64{38.6, 58.0, 46.3, 68.1, 60.4, 80.4}},
	{model: ViTB, half: SetB, method: Original, values: []float64{32.0, 51.8, 37.1, 55.6, 54.4, 76.3}},
	{model: ViTB, half: SetB, method: Ours, values: []float64{38.6, 57.5, 46.0, 65.6, 61.9, 82.9}},
	{model: ARB, half: SetA, method: Original, values: []float64{41.2, 60.7, 50.0, 69.2, 61.6, 79.9}},
	{model: ARB, half: SetA, method: Ours, values: []float64{43.8, 62.7, 55.5, 75.3, 64.7, 83.6}},
	{model: ARB, half: SetB, method: Original, values: []float64{39.7, 60.8, 45.5, 67.0, 59.1, 81.0}},
	{model: ARB, half: SetB, method: Ours, values: []float64{42.5, 62.9, 51.9, 73.7, 63.2, 84.4}},
	{model: DeiTB, half: SetA, method: Original, values: []float64{35.2, 54.2, 40.3, 56.3, 56.1, 72.3}},
	{model: DeiTB, half: SetA, method: Ours, values: []float64{37.1, 56.6, 43.5, 61.6, 59.0, 77.0}},
	{model: DeiTB, half: SetB, method: Original, values: []float64{33.6, 55.1, 38.0, 56.1, 52.5, 74.8}},
	{model: DeiTB, half: SetB, method: Ours, values: []float64{35.8, 57.5, 42.1, 61.4, 56.7, 79.7}},
}

// table10Change are its last rows, as printed: the mean change of the three models.
var table10Change = []line{
	{half: SetA, values: []float64{0, 0.1, 6.4, 9.1, 2.9, 3.2, 1.1, 1.3, 0.5, 0.6, 5.7, 7.3}},
	{half: SetB, values: []float64{-1.9, -0.2, 6.7, 9.5, 2.1, 3.0, 0.3, 1.0, -1.2, -0.1, 5.6, 8.0}},
}

// table11Change are its last rows, as printed.
var table11Change = []line{
	{half: SetA, values: []float64{3.0, 3.3, 4.8, 6.4, 3.3, 4.2}},
	{half: SetB, values: []float64{3.7, 3.4, 6.5, 7.3, 5.3, 5.0}},
}
