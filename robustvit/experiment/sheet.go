package experiment

// Results is results.json of an experiment: what its page shows. Package
// viz/report reads it; the format is the contract.
type Results struct {
	Kind     string      `json:"kind"` // "experiment"
	Name     string      `json:"name"`
	Title    string      `json:"title"`
	Question string      `json:"question"`
	Paper    string      `json:"paper"`
	Reading  []string    `json:"reading,omitempty"` // how to read it, deviations
	Settings Settings    `json:"settings"`
	Config   string      `json:"config_sha256"` // of settings and every point
	Commit   string      `json:"commit"`
	Seconds  float64     `json:"-"` // of this process: timing.jsonl has it, a resumed experiment ends with the same results.json
	Points   []PointInfo `json:"points"`
	Claims   []Claim     `json:"claims"`
	Sections []Section   `json:"sections"`
}

// Settings are what all points share.
type Settings struct {
	Models   []string `json:"models"`
	Data     string   `json:"data"`
	Sets     []string `json:"sets"`
	Images   int      `json:"images_per_set"` // of the largest
	Protocol string   `json:"protocol"`
	Seed     uint64   `json:"seed"`
	Backend  string   `json:"backend"`
}

// PointInfo names a compared model and where it is.
type PointInfo struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Folder  string `json:"folder"` // relative to the experiment's
	Config  string `json:"config_sha256"`
	Weights string `json:"weights_sha256,omitempty"`
}

// Verdicts of a claim.
const (
	Held      = "held"
	NotHeld   = "not held"
	Partly    = "partly"
	NotTested = "not tested"
)

// Claim is what the paper says and what was found.
type Claim struct {
	Claim   string `json:"claim"`
	Source  string `json:"source"` // section or table of the paper
	Verdict string `json:"verdict"`
	Text    string `json:"text"`
}

// Section is a part of the page.
type Section struct {
	Title     string    `json:"title"`
	Lead      string    `json:"lead,omitempty"`
	Tables    []Table   `json:"tables,omitempty"`
	Plots     []Plot    `json:"plots,omitempty"`
	Galleries []Gallery `json:"galleries,omitempty"`
	Collapsed bool      `json:"collapsed,omitempty"`
}

// Table is a table of numbers with intervals and the paper's beside them.
type Table struct {
	Name    string   `json:"name"` // "shift": names its CSV file
	Title   string   `json:"title"`
	Corner  string   `json:"corner"`
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	Note    string   `json:"note,omitempty"`
}

// Column heads a column.
type Column struct {
	Name  string `json:"name"`
	Group string `json:"group,omitempty"`
	// LowerIsBetter says that a change upward is for the worse, as of a calibration error.
	LowerIsBetter bool `json:"lower_is_better,omitempty"`
}

// Row is a line of a table.
type Row struct {
	Name  string `json:"name"`
	Major bool   `json:"major,omitempty"`
	Rule  bool   `json:"rule,omitempty"` // a line above
	Cells []Cell `json:"cells"`
}

// Cell is one value. Without a value the text stands alone.
type Cell struct {
	Value       *float64 `json:"value"`
	Low         *float64 `json:"low,omitempty"`
	High        *float64 `json:"high,omitempty"`
	Std         *float64 `json:"std,omitempty"`
	Digits      int      `json:"digits"`
	Change      bool     `json:"change,omitempty"` // written with a sign
	Noise       bool     `json:"noise,omitempty"`  // its interval holds 0
	Text        string   `json:"text,omitempty"`
	Paper       *float64 `json:"paper,omitempty"` // the published number
	PaperChange bool     `json:"paper_change,omitempty"`
}

// Kinds of plots.
const (
	Curves      = "curves"
	Bars        = "bars"
	Changes     = "changes"
	Scatter     = "scatter"
	Reliability = "reliability"
	Sorted      = "sorted"
)

// Plot is a plot by its numbers.
type Plot struct {
	Kind     string   `json:"kind"`
	Title    string   `json:"title"`
	Caption  string   `json:"caption,omitempty"`
	X        string   `json:"x,omitempty"`
	Y        string   `json:"y,omitempty"`
	LogX     bool     `json:"log_x,omitempty"`
	Names    []string `json:"names,omitempty"` // of bars, changes and sorted
	Series   []Series `json:"series"`
	Diagonal bool     `json:"diagonal,omitempty"`
}

// Series is one line, one set of bars or one cloud of points.
type Series struct {
	Name    string   `json:"name"`
	X       Numbers  `json:"x,omitempty"`
	Y       Numbers  `json:"y"`
	Low     Numbers  `json:"low,omitempty"`
	High    Numbers  `json:"high,omitempty"`
	Weights Numbers  `json:"weights,omitempty"` // share of each bin
	Labels  []string `json:"labels,omitempty"`
	Paper   bool     `json:"paper,omitempty"` // published numbers
	Fit     bool     `json:"fit,omitempty"`   // a fitted line through other points
}

// Gallery is rows of pictures.
type Gallery struct {
	Title   string       `json:"title"`
	Note    string       `json:"note,omitempty"`
	Columns []string     `json:"columns"`
	Rows    []GalleryRow `json:"rows"`
}

// GalleryRow is one image as several models see it.
type GalleryRow struct {
	Label    string    `json:"label,omitempty"`
	Pictures []Picture `json:"pictures"`
}

// Picture is a PNG of the experiment's folder, with a relevance map over it.
type Picture struct {
	File      string `json:"file"`
	Relevance string `json:"relevance,omitempty"` // 16-bit PNG, 0 to 65535 is 0 to 1
	Caption   string `json:"caption,omitempty"`
	Mark      string `json:"mark,omitempty"` // right or wrong
}
