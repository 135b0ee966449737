package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/measure"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// measured are the flags that evaluate and segment share.
type measured struct {
	Weights    []string       `help:"Weights file, model folder, run folder or demo:FAMILY; give it again to compare with the first." required:"" placeholder:"FILE" sep:"none"`
	Data       string         `help:"shapes, a folder of sets, a folder of classes, or for segment a .mat file or a folder of pictures beside DIR_masks." required:"" placeholder:"DIR"`
	Protocol   string         `help:"How images are prepared: native, paper, timm, squash; auto takes the one that the first weights name, else native, and squash for a set without classes." default:"auto" enum:"auto,native,paper,timm,squash"`
	RotateEXIF bool           `name:"rotate-exif" help:"Turn images and masks upright by EXIF; the paper's pipeline does not."`
	SkipBad    bool           `name:"skip-bad" help:"Leave out images that cannot be read and list them; else the first one stops the job."`
	PerSet     int            `help:"Images of each evaluation set (shapes)." default:"500"`
	Cache      data.CacheSize `help:"Memory for images that are seen more than once, such as 2GiB; none keeps none; default a quarter of what is free." placeholder:"SIZE"`
	Devices    int            `help:"Divide each batch among so many devices of the machine." default:"1" placeholder:"N"`
	Dir        string         `help:"Run folder. Running again reuses what is done." required:"" placeholder:"DIR"`
}

type evaluateCmd struct {
	measured
	Sets []string `help:"Sets to evaluate; default all." placeholder:"SET"`
}

// Help is the example of `robustvit evaluate --help`.
func (evaluateCmd) Help() string {
	return "Writes per-image records, results.json, table.csv and report.html, and the segmentation test where there are masks.\n\nExample:\n\n    robustvit evaluate --weights demo:vit --weights runs/demo/after/weights.safetensors --data shapes --dir runs/eval"
}

// Run evaluates.
func (c evaluateCmd) Run(ctx context.Context, s *session) error {
	var sets []string
	if len(c.Sets) > 0 {
		sets = c.Sets
	}
	results, err := c.measure(ctx, s, sets)
	if err != nil {
		return err
	}
	page, err := report.Write(c.Dir)
	if err != nil {
		return err
	}
	outcome := struct {
		*measure.Results
		Dir    string `json:"dir"`
		Report string `json:"report"`
	}{results, c.Dir, page}
	return s.result(outcome, func(w io.Writer) error {
		if err := measuredTable(results).WriteText(w, s.textOptions()); err != nil {
			return err
		}
		for _, table := range factorTables(results) {
			fmt.Fprintln(w)
			if err := table.WriteText(w, s.textOptions()); err != nil {
				return err
			}
		}
		if len(results.Segmentation) > 0 {
			fmt.Fprintln(w)
			if err := mapsTable(results).WriteText(w, s.textOptions()); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(w, "\n%swrote %s: %s, %s, records\nReport: %s\n", leftOut(results.Files), c.Dir, run.ResultsFile, evaluate.TableFile, page)
		return err
	})
}

type segmentCmd struct{ measured }

// Help is the example of `robustvit segment --help`.
func (segmentCmd) Help() string {
	return "Each map of the predicted class, thresholded at its mean, against the mask of the object. The paper's test set is gtsegs_ijcv.mat.\n\nExample:\n\n    robustvit segment --weights demo:vit --weights runs/demo --data shapes --dir runs/segment\n    robustvit segment --weights vit.safetensors --data gtsegs_ijcv.mat --dir runs/gtsegs"
}

// Run runs the segmentation test.
func (c segmentCmd) Run(ctx context.Context, s *session) error {
	results, err := c.measure(ctx, s, []string{})
	if err != nil {
		return err
	}
	if len(results.Segmentation) == 0 {
		return fmt.Errorf("segment: %s has no masks to test against; expected val_masks or test_masks beside val or test", c.Data)
	}
	return s.result(results, func(w io.Writer) error {
		if err := mapsTable(results).WriteText(w, s.textOptions()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\n%swrote %s: %s\n", leftOut(results.Files), c.Dir, run.ResultsFile)
		return err
	})
}

// measure opens models and data and evaluates.
func (c measured) measure(ctx context.Context, s *session, sets []string) (*measure.Results, error) {
	models, err := recipe.OpenModels(c.Weights...)
	if err != nil {
		return nil, err
	}
	options := recipe.ModelData(models[0], shapes.Options{EvalImages: c.PerSet})
	options.Rotate = c.RotateEXIF
	d, err := recipe.OpenData(c.Data, options)
	if err != nil {
		return nil, err
	}
	published, _ := d.(*imagenet.Collection)
	if c.SkipBad {
		s.progress.Phase("look for images that cannot be read")
		if d, err = recipe.Usable(ctx, d, sets, s.progress.Count); err != nil {
			return nil, err
		}
	}
	job, err := measure.New(models, d, sets)
	if err != nil {
		return nil, err
	}
	job.Cache, job.RotateEXIF, job.Devices = c.Cache, c.RotateEXIF, c.Devices
	job.Dir, job.Protocol = c.Dir, recipe.ProtocolName(c.Protocol, models[0])
	if c.Protocol == "auto" && len(d.Classes()) == 0 { // as the released code runs its segmentation test
		job.Protocol = data.Squash().Name
	}
	if published != nil && len(published.Absent) > 0 {
		s.progress.Note("not there, left out: " + strings.Join(published.Absent, ", "))
	}
	b, err := s.openDevices(c.Devices)
	if err != nil {
		return nil, err
	}
	return s.measure(ctx, job, b)
}

// measure runs an evaluation with progress.
func (s *session) measure(ctx context.Context, job measure.Job, b compute.Backend) (*measure.Results, error) {
	job.Backend, job.Kind, job.Config.Backend = b, s.device.Kind, s.device.Name
	job.Phase, job.Count = s.progress.Phase, s.progress.Count
	return job.Run(ctx)
}

// leftOut is a line for each set of which not every file was used, and one for
// each sample that cannot be.
func leftOut(files map[string]data.Tally) string {
	var text strings.Builder
	for _, set := range slices.Sorted(maps.Keys(files)) {
		t := files[set]
		if t.Used < t.Listed {
			fmt.Fprintf(&text, "%s: %d of %d used, %d skipped, %d refused\n", set, t.Used, t.Listed, t.Skipped, len(t.Refused))
		}
		for _, p := range t.Refused {
			fmt.Fprintf(&text, "    refused %s: %s\n", p.ID, p.Reason)
		}
	}
	return text.String()
}

func measuredTable(r *measure.Results) viz.Table {
	var note scoringNote
	for _, set := range r.Sets {
		note.add(set.Title, set.Rule)
	}
	table := viz.Table{Title: "Accuracy, percent", Corner: "set",
		Note: "In brackets: 95 % interval; of a change: paired bootstrap over images. Protocol " + r.Protocol + "." + note.String()}
	for i, m := range r.Models {
		table.Columns = append(table.Columns, viz.Column{Name: "top-1", Group: m.Name}, viz.Column{Name: "top-5", Group: m.Name})
		if i > 0 {
			table.Columns = append(table.Columns, viz.Column{Name: "change", Group: m.Name})
		}
	}
	for _, set := range r.Sets {
		row := viz.TableRow{Name: set.Title}
		for i, m := range r.Models {
			one, five, change := set.Top1[m.Name], set.Top5[m.Name], set.Delta[m.Name]
			row.Cells = append(row.Cells, viz.Number(one.Percent, 1).Between(one.Low, one.High), viz.Number(five.Percent, 1))
			if i > 0 {
				row.Cells = append(row.Cells, viz.Change(change.Points, 1).Between(change.Low, change.High))
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// factorTables are top-1 by value of what a set varies (SI-Score).
func factorTables(r *measure.Results) []viz.Table {
	var tables []viz.Table
	for _, set := range r.Sets {
		values := set.Factors[r.Models[0].Name]
		if len(values) == 0 {
			continue
		}
		table := viz.Table{Title: set.Title + ": top-1 by value, percent", Corner: "value"}
		for i, at := range values {
			row := viz.TableRow{Name: at.Value}
			for _, m := range r.Models {
				rate := set.Factors[m.Name][i].Top1
				row.Cells = append(row.Cells, viz.Number(rate.Percent, 1).Between(rate.Low, rate.High))
			}
			table.Rows = append(table.Rows, row)
		}
		for _, m := range r.Models {
			table.Columns = append(table.Columns, viz.Column{Name: m.Name})
		}
		tables = append(tables, table)
	}
	return tables
}

func mapsTable(r *measure.Results) viz.Table {
	table := viz.Table{Title: "Relevance against the object's mask, percent", Corner: "model",
		Columns: []viz.Column{{Name: "pixel accuracy"}, {Name: "mIoU"}, {Name: "mAP"}, {Name: "mAP, two classes"}},
		Note:    "The paper's mAP is the one of two classes."}
	for _, m := range r.Models {
		if s, ok := r.Segmentation[m.Name]; ok {
			table.Rows = append(table.Rows, viz.TableRow{Name: m.Name, Cells: []viz.Cell{
				viz.Number(s.PixelAccuracy, 1), viz.Number(s.MeanIoU, 1), viz.Number(s.MeanAP, 1), viz.Number(s.MeanAPBoth, 1)}})
		}
	}
	return table
}
