package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/robustvit/workbench/internal/machines"
	"github.com/robustvit/workbench/robustvit/experiment"
)

// sweepEstimate says what a plan computes and, from times an image, how long that
// takes.
type sweepEstimate struct {
	Dir     string          `json:"dir"`
	Lines   int             `json:"lines"`
	Devices int             `json:"devices"`
	Stages  []stageEstimate `json:"stages"`
	Hours   float64         `json:"hours,omitempty"` // all stages, on the devices
}

type stageEstimate struct {
	machines.Part
	experiment.Cost
	DeviceHours float64 `json:"device_hours,omitempty"`
	Hours       float64 `json:"hours,omitempty"`

	longest float64
}

// formula is how the hours come about.
const formula = "A line takes start + trained x train + measured x measure + maps x map. Device hours: the sum over lines. Hours: device hours by the devices, or the longest line where that is more, stage after stage. Masks by TokenCut and the pages are not in it."

// estimate adds the lines up.
func estimate(p machines.Plan, lines []experiment.Line, m machinesFlags) sweepEstimate {
	e := sweepEstimate{Dir: p.Dir, Lines: len(lines), Devices: max(m.Devices, 1)}
	for _, part := range p.Parts() {
		s := stageEstimate{Part: part}
		for _, l := range lines[part.First-1 : part.Last] {
			s.Cost = s.Cost.Plus(l.Cost)
			if l.Stage == experiment.Tell {
				continue
			}
			hours := m.hours(l.Cost)
			s.DeviceHours, s.longest = s.DeviceHours+hours, max(s.longest, hours)
		}
		s.Hours = max(s.DeviceHours/float64(e.Devices), s.longest)
		e.Stages, e.Hours = append(e.Stages, s), e.Hours+s.Hours
	}
	return e
}

// timed says whether the user gave times to count with.
func (m machinesFlags) timed() bool { return m.TrainMs > 0 || m.MeasureMs > 0 || m.MapMs > 0 }

// hours are those of one line, 0 without times.
func (m machinesFlags) hours(c experiment.Cost) float64 {
	if !m.timed() {
		return 0
	}
	return (m.StartS + (float64(c.Trained)*m.TrainMs+float64(c.Measured)*m.MeasureMs+float64(c.Mapped)*m.MapMs)/1000) / 3600
}

// write prints the table.
func (e sweepEstimate) write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	timed := e.Hours > 0
	fmt.Fprint(table, "STAGE\tLINES\tSTEPS\tIMAGES TRAINED\tMEASURED\tMAPS\tMASKS")
	if timed {
		fmt.Fprintf(table, "\tDEVICE HOURS\tHOURS ON %d", e.Devices)
	}
	fmt.Fprintln(table)
	total := stageEstimate{Hours: e.Hours}
	row := func(name, lines string, s stageEstimate) {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d", name, lines, s.Steps, s.Trained, s.Measured, s.Mapped, s.Masked)
		if timed {
			fmt.Fprintf(table, "\t%.2f\t%.2f", s.DeviceHours, s.Hours)
		}
		fmt.Fprintln(table)
	}
	for _, s := range e.Stages {
		row(s.Stage, fmt.Sprintf("%d to %d", s.First, s.Last), s)
		total.Cost, total.DeviceHours = total.Plus(s.Cost), total.DeviceHours+s.DeviceHours
	}
	row("all", fmt.Sprint(e.Lines), total)
	if err := table.Flush(); err != nil {
		return err
	}
	text := "Hours: give --train-ms, --measure-ms and --map-ms, times an image that robustvit bench measures.\n"
	if timed {
		text = formula + "\n"
	}
	_, err := fmt.Fprint(w, "\n"+text)
	return err
}
