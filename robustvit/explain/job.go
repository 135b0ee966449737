package explain

import (
	"errors"
	"fmt"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// Job says what to explain.
type Job struct {
	Backend  compute.Backend
	Before   *pretrained.Model
	After    *pretrained.Model // the same model after finetuning; nil shows Before alone
	Paths    []string          // image files, and folders to search for images
	Protocol string            // how images are prepared; "" or "auto": what the weights name, else native
	Class    string            // class to explain by name or index; "" = each model's own prediction
	Dir      string            // receives the files; an explanation that is there is replaced
	Batch    int               // images a step; 0 = 16, fewer where there are fewer
	Progress func(done, total int)
}

// Names of the models in the files.
const (
	Before = "before"
	After  = "after"
)

// File is the explanation in its folder. It appears last: where it is, all that
// it names is there.
const File = "explain.json"

// Result is explain.json. Listed = Used + number of Refused.
type Result struct {
	Models   []ModelInfo `json:"models"`
	Protocol string      `json:"protocol"`
	Size     int         `json:"size"`   // pixels a side of what the model sees
	Target   string      `json:"target"` // class that was asked for, "" = predicted
	Listed   int         `json:"listed"`
	Used     int         `json:"used"`
	Refused  []Refusal   `json:"refused"`
	Images   []Image     `json:"images"`
}

// ModelInfo names one model.
type ModelInfo struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Source string `json:"source"`
	SHA256 string `json:"sha256"` // of its tensors
}

// Refusal is a path that could not be used.
type Refusal struct {
	Path  string `json:"path"`
	Error string `json:"error"`
}

// Image is one explained image file.
type Image struct {
	Path        string          `json:"path"` // as the user wrote it
	Width       int             `json:"width"`
	Height      int             `json:"height"`
	Orientation int             `json:"orientation,omitempty"` // of EXIF; it is not applied
	Animated    bool            `json:"animated,omitempty"`    // the first frame is explained
	Picture     string          `json:"picture"`               // what the model sees
	Views       map[string]View `json:"views"`                 // by model
}

// View is what one model makes of an image.
type View struct {
	Top       []Prediction `json:"top"`       // the five most likely classes
	Explained Prediction   `json:"explained"` // the class of the map
	Relevance string       `json:"relevance"`
}

// config is config.json.
type config struct {
	Kind     string      `json:"kind"` // "explain"
	Models   []ModelInfo `json:"models"`
	Paths    []string    `json:"paths"`
	Protocol string      `json:"protocol"`
	Class    string      `json:"class"`
}

// mayChange: asking anew in the same folder replaces what was there.
var mayChange = []string{"models", "paths", "protocol", "class"}

// side is one of the compared models.
type side struct {
	ModelInfo
	model    *pretrained.Model
	protocol data.Protocol
}

// sides checks the models and gives each its preparation.
func (j *Job) sides() ([]side, error) {
	if j.Before == nil || j.Backend == nil {
		return nil, errors.New("explain: no model; give the weights")
	}
	for _, m := range []*pretrained.Model{j.Before, j.After} {
		if m != nil && m.Variant.Classes == 0 {
			return nil, fmt.Errorf("explain: %s has no classification head, and relevance is that of a class; give weights with a head", m.Source)
		}
	}
	if j.Protocol == "" || j.Protocol == "auto" {
		j.Protocol = "native"
		for _, m := range []*pretrained.Model{j.After, j.Before} {
			if m != nil && m.File.Metadata["protocol"] != "" {
				j.Protocol = m.File.Metadata["protocol"]
				break
			}
		}
	}
	title := "Model"
	if j.After != nil {
		title = "Before"
		if err := comparable(j.Before, j.After); err != nil {
			return nil, err
		}
	}
	all := []side{{ModelInfo: ModelInfo{Before, title, j.Before.Source, j.Before.SHA256}, model: j.Before}}
	if j.After != nil {
		all = append(all, side{ModelInfo: ModelInfo{After, "After", j.After.Source, j.After.SHA256}, model: j.After})
	}
	for i := range all {
		var err error
		if all[i].protocol, err = pretrained.ProtocolOf(j.Protocol, all[i].model.Variant); err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
	}
	return all, nil
}
