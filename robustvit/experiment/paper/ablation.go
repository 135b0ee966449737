package paper

// table4 is Table 4: R@1 of the ablation on the nine sets, in percent.
var table4 = []line{
	{model: ViTB, method: Original, values: []float64{81.5, 16.0, 33.8, 35.4, 71.1, 35.1, 33.3, 39.1, 55.6}},
	{model: ViTB, method: Ours, values: []float64{80.3, 24.1, 36.3, 36.2, 70.0, 42.2, 38.6, 46.2, 61.0}},
	{model: ViTB, method: WithoutConfidence, values: []float64{77.8, 17.9, 34.2, 34.8, 67.4, 37.6, 37.2, 43.0, 58.4}},
	{model: ViTB, method: WithoutBackground, values: []float64{81.5, 19.1, 35.9, 36.4, 71.4, 39.7, 34.9, 42.3, 58.4}},
	{model: ViTB, method: WithoutForeground, values: []float64{80.2, 24.1, 34.3, 35.2, 69.6, 41.8, 39.2, 45.6, 60.7}},
	{model: ViTB, method: GroundTruth, values: []float64{81.7, 21.5, 35.5, 35.8, 71.2, 40.3, 37.8, 44.5, 60.1}},
	{model: DeiTB, method: Original, values: []float64{80.8, 12.9, 30.9, 31.2, 69.7, 31.4, 34.5, 39.3, 54.6}},
	{model: DeiTB, method: Ours, values: []float64{80.5, 17.2, 32.4, 30.9, 69.1, 35.9, 36.6, 42.9, 58.0}},
	{model: DeiTB, method: WithoutConfidence, values: []float64{81.0, 15.5, 33.3, 32.1, 69.8, 36.1, 39.0, 44.0, 58.3}},
	{model: DeiTB, method: WithoutBackground, values: []float64{81.0, 13.2, 30.5, 30.2, 69.6, 33.0, 32.7, 39.7, 54.5}},
	{model: DeiTB, method: WithoutForeground, values: []float64{80.3, 17.9, 32.6, 31.0, 69.0, 35.8, 37.3, 43.0, 58.2}},
	{model: DeiTB, method: GroundTruth, values: []float64{80.7, 17.2, 31.9, 31.3, 69.2, 35.6, 36.7, 42.8, 57.6}},
}

// table12 is Table 12: R@5 of the ablation on the nine sets, in percent.
var table12 = []line{
	{model: ViTB, method: Original, values: []float64{96.0, 37.0, 48.5, 57.4, 89.9, 56.4, 52.2, 58.3, 76.2}},
	{model: ViTB, method: Ours, values: []float64{95.4, 48.0, 51.4, 58.5, 89.4, 65.1, 57.8, 67.0, 81.4}},
	{model: ViTB, method: WithoutConfidence, values: []float64{94.3, 38.9, 50.3, 57.9, 87.4, 61.6, 56.2, 63.8, 78.9}},
	{model: ViTB, method: WithoutBackground, values: []float64{96.1, 41.8, 50.9, 58.5, 90.5, 62.1, 54.1, 62.7, 78.9}},
	{model: ViTB, method: WithoutForeground, values: []float64{95.3, 47.2, 48.7, 57.0, 89.2, 64.4, 58.3, 66.2, 81.2}},
	{model: ViTB, method: GroundTruth, values: []float64{96.1, 45.2, 50.4, 57.9, 90.4, 63.2, 57.1, 64.8, 80.3}},
	{model: DeiTB, method: Original, values: []float64{94.2, 31.0, 44.2, 48.6, 86.8, 48.5, 54.6, 56.3, 73.4}},
	{model: DeiTB, method: Ours, values: []float64{94.9, 40.0, 47.0, 49.2, 88.3, 56.2, 57.0, 61.5, 78.2}},
	{model: DeiTB, method: WithoutConfidence, values: []float64{95.2, 37.4, 48.4, 51.4, 88.9, 56.8, 60.1, 63.1, 79.5}},
	{model: DeiTB, method: WithoutBackground, values: []float64{95.2, 34.4, 44.7, 47.9, 88.3, 52.4, 53.2, 57.5, 74.7}},
	{model: DeiTB, method: WithoutForeground, values: []float64{94.9, 40.1, 47.2, 49.3, 88.1, 56.4, 57.6, 61.4, 78.5}},
	{model: DeiTB, method: GroundTruth, values: []float64{95.0, 39.6, 46.5, 49.6, 88.2, 55.9, 57.3, 61.2, 78.0}},
}
