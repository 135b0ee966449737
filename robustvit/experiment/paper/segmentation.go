package paper

// Overlap is how well maps agree with the object's mask, in percent: pixel
// accuracy, mean IoU and mean average precision.
type Overlap struct{ PixelAccuracy, MIoU, MAP float64 }

// table3 is Table 3: original, then ours with annotated masks.
var table3 = map[Model][2]Overlap{
	ViTB:  {{76.3, 58.3, 85.3}, {82.1, 65.8, 87.5}},
	ViTL:  {{73.4, 54.4, 82.7}, {82.5, 66.4, 86.9}},
	ARS:   {{76.7, 57.7, 84.2}, {83.3, 67.7, 87.7}},
	ARB:   {{76.6, 57.1, 84.4}, {81.2, 64.6, 86.8}},
	ARL:   {{65.2, 43.6, 78.6}, {78.9, 61.0, 85.4}},
	DeiTS: {{78.7, 60.7, 85.0}, {80.8, 64.0, 86.4}},
	DeiTB: {{79.0, 61.6, 85.7}, {81.3, 64.7, 86.8}},
}

// Segmentation is Table 3, for Original and Ours.
func Segmentation(model Model, method Method) (Overlap, bool) {
	row, ok := table3[model]
	switch {
	case ok && method == Original:
		return row[0], true
	case ok && method == Ours:
		return row[1], true
	}
	return Overlap{}, false
}
