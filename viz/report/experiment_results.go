package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
)

// kindExperiment is an experiment's kind in results.json.
const kindExperiment = "experiment"

// ExperimentResults is results.json of an experiment: the paper's question, what
// became of its claims, and sections of tables, plots and galleries.
type ExperimentResults struct {
	Kind         string              `json:"kind"`
	Name         string              `json:"name"` // of the folder and the command: "tables-1-2"
	Title        string              `json:"title"`
	Question     string              `json:"question"`
	Paper        string              `json:"paper"`   // where in the paper: "Tables 1 and 2"
	Reading      []string            `json:"reading"` // how to read it, deviations
	Settings     map[string]any      `json:"settings"`
	ConfigSHA256 string              `json:"config_sha256"`
	Commit       string              `json:"commit"`
	Points       []experimentPoint   `json:"points"`
	Claims       []experimentClaim   `json:"claims"`
	Sections     []experimentSection `json:"sections"`
}

// experimentPoint is one run that the experiment rests on.
type experimentPoint struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Folder  string `json:"folder"` // relative to the experiment's
	Config  string `json:"config_sha256"`
	Weights string `json:"weights_sha256"`
}

type experimentClaim struct {
	Claim   string `json:"claim"`
	Source  string `json:"source"`
	Verdict string `json:"verdict"` // "held", "not held", "partly" or "not tested"
	Text    string `json:"text"`
}

type experimentSection struct {
	Title     string              `json:"title"`
	Lead      string              `json:"lead"`
	Tables    []experimentTable   `json:"tables"`
	Plots     []experimentPlot    `json:"plots"`
	Galleries []experimentGallery `json:"galleries"`
	Collapsed bool                `json:"collapsed"`
}

type experimentTable struct {
	Name    string             `json:"name"`
	Title   string             `json:"title"`
	Corner  string             `json:"corner"`
	Columns []experimentColumn `json:"columns"`
	Rows    []experimentRow    `json:"rows"`
	Note    string             `json:"note"`
}

type experimentColumn struct {
	Name          string `json:"name"`
	Group         string `json:"group"`
	LowerIsBetter bool   `json:"lower_is_better"` // a change upward is then for the worse
}

type experimentRow struct {
	Name  string           `json:"name"`
	Major bool             `json:"major"`
	Rule  bool             `json:"rule"`
	Cells []experimentCell `json:"cells"`
}

type experimentCell struct {
	Value       *float64 `json:"value"`
	Low         *float64 `json:"low"`
	High        *float64 `json:"high"`
	Digits      int      `json:"digits"`
	Change      bool     `json:"change"`
	Noise       bool     `json:"noise"`
	Text        string   `json:"text"`
	Paper       *float64 `json:"paper"`
	PaperChange bool     `json:"paper_change"`
	Std         *float64 `json:"std"`
}

type experimentPlot struct {
	Kind     string             `json:"kind"`
	Title    string             `json:"title"`
	Caption  string             `json:"caption"`
	X        string             `json:"x"`
	Y        string             `json:"y"`
	LogX     bool               `json:"log_x"`
	Names    []string           `json:"names"`
	Series   []experimentSeries `json:"series"`
	Diagonal bool               `json:"diagonal"`
}

type experimentSeries struct {
	Name    string   `json:"name"`
	X       numbers  `json:"x"`
	Y       numbers  `json:"y"`
	Low     numbers  `json:"low"`
	High    numbers  `json:"high"`
	Weights numbers  `json:"weights"`
	Labels  []string `json:"labels"`
	Paper   bool     `json:"paper"`
	Fit     bool     `json:"fit"`
}

type experimentGallery struct {
	Title   string   `json:"title"`
	Note    string   `json:"note"`
	Columns []string `json:"columns"`
	Rows    []struct {
		Label    string              `json:"label"`
		Pictures []experimentPicture `json:"pictures"`
	} `json:"rows"`
}

type experimentPicture struct {
	File      string `json:"file"`
	Relevance string `json:"relevance"`
	Caption   string `json:"caption"`
	Mark      string `json:"mark"`
}

// numbers is a list in which null, a value that was not measured, is NaN.
type numbers []float64

func (n *numbers) UnmarshalJSON(b []byte) error {
	var values []*float64
	if err := json.Unmarshal(b, &values); err != nil {
		return err
	}
	if values == nil {
		return nil
	}
	*n = make(numbers, len(values))
	for i, v := range values {
		(*n)[i] = math.NaN()
		if v != nil {
			(*n)[i] = *v
		}
	}
	return nil
}

// ReadExperiment reads results.json of an experiment's folder.
func ReadExperiment(dir string) (*ExperimentResults, error) {
	r, err := ReadExperimentFile(dir, resultsFile)
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("%w; it appears when the experiment is done: run the same command again, it goes on", err)
	}
	return r, err
}

// ReadExperimentFile reads the results file of an experiment by its name in dir,
// as they are kept under docs/results.
func ReadExperimentFile(dir, name string) (*ExperimentResults, error) {
	var r ExperimentResults
	if err := readJSON(dir, name, &r); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	if r.Kind != kindExperiment || r.Name == "" {
		return nil, fmt.Errorf("report: %s has kind %q and name %q, expected kind %q and a name; is it the file of an experiment?", inside(dir, name), r.Kind, r.Name, kindExperiment)
	}
	for _, c := range r.Claims {
		if _, ok := standing(c.Verdict); !ok {
			return nil, fmt.Errorf("report: %s: the verdict on %q is %q, expected held, not held, partly or not tested", inside(dir, name), c.Claim, c.Verdict)
		}
	}
	r.Title = firstOf(r.Title, r.Name)
	return &r, nil
}
