package weights

import "encoding/json"

// preprocessConfig is preprocessor_config.json of transformers; the lower part
// is what it amounts to in timm's words.
type preprocessConfig struct {
	Mean     []float64 `json:"image_mean"`
	Std      []float64 `json:"image_std"`
	Size     imageSide `json:"size"`
	CropSize imageSide `json:"crop_size"`
	CropPct  float64   `json:"crop_pct"` // of ConvNext's processor
	Crop     *bool     `json:"do_center_crop"`
	Resample *int      `json:"resample"` // Pillow's number

	crop         float64
	filter, mode string
}

// imageSide is a number, {"shortest_edge": n} or {"height": n, "width": n}.
type imageSide struct {
	side   int
	square bool // resized to it without keeping the proportions
}

// UnmarshalJSON takes the three forms; others are left out.
func (s *imageSide) UnmarshalJSON(text []byte) error {
	var sides struct {
		Short  int `json:"shortest_edge"`
		Height int `json:"height"`
		Width  int `json:"width"`
	}
	switch {
	case json.Unmarshal(text, &s.side) == nil:
		s.square = true // an old file's number meant both sides
	case json.Unmarshal(text, &sides) != nil:
	case sides.Short > 0:
		s.side = sides.Short
	case sides.Height == sides.Width:
		s.side, s.square = sides.Height, true
	}
	return nil
}

// geometry turns sizes into a crop fraction. transformers crops where crop_size
// stands beside size; without it the picture is resized to size alone.
func (p *preprocessConfig) geometry() {
	if p.Resample != nil {
		p.filter = map[int]string{0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"}[*p.Resample]
	}
	if p.Size.side == 0 {
		return
	}
	p.crop, p.mode = 1, "center"
	if p.Size.square {
		p.mode = "squash"
	}
	switch {
	case p.CropPct > 0:
		p.crop, p.mode = p.CropPct, "center"
	case p.CropSize.side > 0 && (p.Crop == nil || *p.Crop):
		p.crop = float64(p.CropSize.side) / float64(p.Size.side)
	}
}
