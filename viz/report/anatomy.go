package report

import (
	"errors"
	"fmt"
	"os"

	"github.com/robustvit/workbench/viz"
)

const anatomyFile = "anatomy.json"

// Anatomy is anatomy.json with its picture: the relevance of one image taken
// apart. Its methods are the ways to look at it.
type Anatomy struct {
	dir     string
	picture viz.Picture
	mask    *viz.Map
	parts   anatomyParts
}

type anatomyParts struct {
	Model struct {
		Source string `json:"source"`
	} `json:"model"`
	Protocol string         `json:"protocol"`
	ID       string         `json:"id"`
	Truth    string         `json:"truth"`
	Picture  string         `json:"picture"`
	Mask     string         `json:"mask"`
	Grid     int            `json:"grid"`
	Top      []prediction   `json:"top"`
	Classes  []anatomyClass `json:"classes"`
}

type anatomyClass struct {
	Class      prediction    `json:"class"`
	Layers     [][]float32   `json:"layers"`
	Heads      [][][]float32 `json:"heads"`
	Explainers []explained   `json:"explainers"`
}

type explained struct {
	Name      string    `json:"name"`
	Patches   []float32 `json:"patches"`
	Relevance string    `json:"relevance"`
	Score     *struct {
		PixelsRight  int     `json:"pixels_right"`
		Pixels       int     `json:"pixels"`
		Intersection [2]int  `json:"intersection"`
		Union        [2]int  `json:"union"`
		AP           float64 `json:"average_precision_two_class"`
		MassOnObject float64 `json:"mass_on_object"`
	} `json:"score"`
}

// explainerTitles are the explainers' names for a reader.
var explainerTitles = map[string]string{
	"gae": "GAE (Eq. 6, 7)", "rollout": "attention rollout", "attention": "raw attention, last layer",
	"grad-cam": "Grad-CAM on attention", "input-gradient": "input gradient",
}

func (e explained) title() string {
	if title := explainerTitles[e.Name]; title != "" {
		return title
	}
	return e.Name
}

// ReadAnatomy reads the anatomy in dir.
func ReadAnatomy(dir string) (*Anatomy, error) {
	a := &Anatomy{dir: dir}
	err := readJSON(dir, anatomyFile, &a.parts)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("report: %w; it appears when the relevance has been taken apart", err)
	}
	if err == nil {
		err = a.parts.check()
	}
	if err == nil {
		a.picture, err = readPicture(dir, a.parts.Picture)
	}
	if err == nil {
		a.mask, err = readMap(dir, a.parts.Mask)
	}
	if err != nil {
		return nil, fmt.Errorf("report: %s: %w", inside(dir, anatomyFile), err)
	}
	return a, nil
}

// check holds the lists to the grid, so that nothing later can be out of range.
func (p anatomyParts) check() error {
	var rows [][]float32
	for _, c := range p.Classes {
		if len(c.Layers) == 0 || len(c.Explainers) == 0 {
			return fmt.Errorf("class %q has no layers or no maps; make it again", c.Class.Name)
		}
		rows = append(rows, c.Layers...)
		for _, heads := range c.Heads {
			rows = append(rows, heads...)
		}
		for _, e := range c.Explainers {
			rows = append(rows, e.Patches)
		}
	}
	if len(p.Classes) == 0 {
		return errors.New("it explains no class; make it again")
	}
	for _, row := range rows {
		if p.Grid < 1 || len(row) != p.Grid*p.Grid {
			return fmt.Errorf("found %d values, expected %d x %d patches; make it again", len(row), p.Grid, p.Grid)
		}
	}
	return nil
}

// raw are raw values of the patches as a map.
func (a *Anatomy) raw(values []float32) viz.Map {
	return viz.Map{Width: a.parts.Grid, Height: a.parts.Grid, Pix: values}
}

func (a *Anatomy) raws(rows [][]float32) []viz.Map {
	var maps []viz.Map
	for _, row := range rows {
		maps = append(maps, a.raw(row))
	}
	return maps
}
