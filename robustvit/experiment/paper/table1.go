package paper

// table1 is Table 1: R@1 and R@5 of INet val, INet-A, INet-R, INet-Sketch, INet-v2
// and ObjectNet, in percent.
var table1 = []line{
	{model: ViTB, method: Original, values: []float64{81.5, 96.0, 16.0, 37.0, 33.8, 48.5, 35.4, 57.4, 71.1, 89.9, 35.1, 56.4}},
	{model: ViTB, method: GradMask, values: []float64{81.8, 96.1, 17.5, 39.8, 34.5, 49.4, 35.8, 57.8, 71.4, 90.5, 36.7, 58.2}},
	{model: ViTB, method: RRR, values: []float64{81.9, 96.2, 18.9, 41.9, 34.8, 49.7, 35.8, 57.8, 71.4, 90.5, 38.1, 60.0}},
	{model: ViTB, method: Ours, values: []float64{80.3, 95.4, 24.1, 48.0, 36.3, 51.4, 36.2, 58.5, 70.0, 89.4, 42.2, 65.1}},
	{model: ViTB, method: OursTokenCut, values: []float64{80.4, 95.4, 23.0, 45.7, 35.4, 50.0, 35.8, 58.2, 69.8, 89.4, 40.8, 64.0}},
	{model: ViTL, method: Original, values: []float64{82.9, 96.4, 19.0, 41.5, 36.6, 52.0, 40.4, 63.4, 71.8, 90.7, 37.4, 59.5}},
	{model: ViTL, method: Ours, values: []float64{82.0, 96.2, 25.2, 49.6, 38.8, 54.6, 41.2, 64.3, 71.3, 90.6, 42.5, 65.4}},
	{model: ViTL, method: OursTokenCut, values: []float64{82.7, 96.4, 25.2, 50.0, 39.8, 55.1, 41.8, 64.8, 72.1, 91.2, 43.2, 65.8}},
	{model: ARS, method: Original, values: []float64{81.4, 96.1, 13.0, 33.9, 31.2, 47.1, 32.8, 54.2, 69.9, 90.1, 34.3, 55.8}},
	{model: ARS, method: GradMask, values: []float64{81.3, 96.1, 16.4, 39.2, 32.3, 48.3, 32.5, 53.7, 70.1, 90.3, 37.6, 60.2}},
	{model: ARS, method: RRR, values: []float64{81.5, 96.1, 13.7, 35.1, 31.6, 47.4, 32.9, 54.2, 70.3, 90.1, 35.1, 56.7}},
	{model: ARS, method: Ours, values: []float64{79.8, 95.7, 18.2, 40.6, 33.9, 50.2, 33.5, 55.4, 69.6, 90.0, 38.7, 61.1}},
	{model: ARS, method: OursTokenCut, values: []float64{80.3, 95.8, 19.1, 42.2, 33.8, 49.7, 33.8, 55.5, 69.6, 90.1, 39.3, 61.7}},
	{model: ARB, method: Original, values: []float64{84.4, 97.2, 23.9, 49.2, 41.0, 57.8, 43.1, 65.7, 73.8, 92.3, 41.4, 63.7}},
	{model: ARB, method: GradMask, values: []float64{84.5, 97.3, 25.1, 51.4, 41.5, 58.1, 43.1, 65.7, 74.0, 92.6, 42.7, 64.8}},
	{model: ARB, method: RRR, values: []float64{84.6, 97.3, 26.8, 53.0, 41.9, 58.5, 43.2, 65.7, 74.3, 92.6, 43.7, 65.9}},
	{model: ARB, method: Ours, values: []float64{83.1, 96.9, 31.3, 57.1, 44.7, 61.5, 44.6, 67.4, 73.5, 92.0, 47.1, 70.0}},
	{model: ARB, method: OursTokenCut, values: []float64{83.6, 97.1, 31.2, 57.2, 44.5, 60.9, 44.7, 67.4, 73.7, 92.4, 46.5, 69.1}},
	{model: ARL, method: Original, values: []float64{85.6, 97.8, 34.7, 61.0, 48.8, 64.9, 51.8, 73.6, 75.8, 93.4, 46.5, 68.3}},
	{model: ARL, method: Ours, values: []float64{85.1, 97.5, 42.1, 67.5, 54.0, 69.1, 54.2, 75.8, 75.8, 93.4, 51.6, 73.2}},
	{model: ARL, method: OursTokenCut, values: []float64{85.4, 97.6, 42.4, 68.0, 53.8, 69.0, 54.1, 75.8, 76.1, 93.6, 52.0, 73.5}},
	{model: DeiTS, method: Original, values: []float64{78.1, 93.7, 8.3, 23.5, 28.2, 41.9, 28.8, 46.7, 66.5, 86.6, 28.3, 47.3}},
	{model: DeiTS, method: GradMask, values: []float64{77.0, 93.6, 7.9, 24.7, 26.6, 40.5, 26.0, 43.5, 64.5, 85.6, 28.2, 48.6}},
	{model: DeiTS, method: RRR, values: []float64{78.1, 94.1, 9.0, 26.9, 26.9, 40.6, 26.9, 44.4, 66.0, 86.7, 29.3, 49.9}},
	{model: DeiTS, method: Ours, values: []float64{78.6, 94.5, 10.1, 29.0, 29.3, 43.6, 29.1, 47.8, 67.3, 87.3, 31.6, 53.0}},
	{model: DeiTS, method: OursTokenCut, values: []float64{78.6, 94.4, 11.0, 30.3, 29.9, 44.4, 29.4, 48.0, 67.1, 87.4, 31.6, 52.9}},
	{model: DeiTB, method: Original, values: []float64{80.8, 94.2, 12.9, 31.0, 30.9, 44.2, 31.2, 48.6, 69.7, 86.8, 31.4, 48.5}},
	{model: DeiTB, method: GradMask, values: []float64{81.1, 95.3, 15.1, 36.9, 31.0, 45.5, 31.2, 49.1, 69.7, 88.7, 33.5, 53.1}},
	{model: DeiTB, method: RRR, values: []float64{81.0, 95.2, 14.8, 37.0, 30.7, 45.1, 30.9, 48.8, 69.5, 88.6, 33.6, 53.3}},
	{model: DeiTB, method: Ours, values: []float64{80.5, 94.9, 17.2, 40.0, 32.4, 47.0, 30.9, 49.2, 69.1, 88.3, 35.9, 56.2}},
	{model: DeiTB, method: OursTokenCut, values: []float64{80.5, 95.0, 18.3, 40.9, 32.8, 47.5, 31.5, 49.9, 69.3, 88.5, 36.3, 56.6}},
}

// table1Change are its last rows: the change over the original, mean of the seven models.
var table1Change = []line{
	{method: Ours, values: []float64{-0.8, 0.0, 5.8, 7.8, 2.7, 3.0, 0.9, 1.3, -0.3, 0.2, 5.0, 6.4}},
	{method: OursTokenCut, values: []float64{-0.5, 0.0, 6.1, 8.2, 2.8, 2.9, 1.1, 1.4, -0.1, 0.4, 5.0, 6.3}},
}
