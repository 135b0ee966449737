package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/bench"
	"github.com/robustvit/workbench/viz/report"
)

type benchCmd struct {
	Cases   []string `help:"What to measure; default all that --list shows." placeholder:"CASE"`
	Models  []string `help:"demo, tiny, small, base, large, or a variant's name; default demo to base." placeholder:"MODEL"`
	Large   bool     `help:"Measure large too."`
	Batch   int      `type:"count" help:"Images of a batch." default:"8"`
	Rounds  int      `type:"count" help:"Rounds; a ratio is the median of theirs." default:"5"`
	Seconds float64  `help:"The least that each side computes in a round." default:"0.5"`
	Peer    string   `help:"Python with torch and timm, to measure PyTorch in turn with ours." placeholder:"PYTHON"`
	Growth  bool     `help:"Also how a step grows with batch, image size, depth and classes."`
	Out     string   `help:"Folder for bench.json and the page; what an earlier bench left there is replaced." default:"runs/bench" placeholder:"DIR"`
	List    bool     `help:"List the cases and measure nothing."`
	Worker  bool     `hidden:"" help:"Serve as one side of a bench."`
}

// Help is the example of `robustvit bench --help`.
func (benchCmd) Help() string {
	return "Times are for one image, the median of the rounds. In a round both sides compute in turn, so that what else the machine does meets both. Weights are random. Memory is the peak of a process that did this case alone.\n\nExample:\n\n    robustvit bench --models demo,tiny --cases forward,relevance,step-first-order --peer torch/bin/python"
}

// Run measures.
func (c benchCmd) Run(ctx context.Context, s *session) error {
	switch {
	case c.Worker:
		hugePages() // as the commands have them; a peer is started as its users start it
		return c.serve(ctx, s)
	case c.List:
		return s.result(bench.Cases(), listCases)
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if c.Models == nil {
		c.Models = bench.DefaultModels(c.Large)
	}
	results, fault := bench.Run(ctx, bench.Options{
		Cases: c.Cases, Models: c.Models, Batch: c.Batch, Rounds: c.Rounds, Seconds: c.Seconds, Peer: c.Peer, Growth: c.Growth,
		Worker: []string{program, "--backend", s.cli.Backend, "bench", "--worker"},
		Phase:  s.progress.Phase, Keep: func(r *bench.Results) error { return r.Write(c.Out) },
	})
	if results == nil || len(results.Results)+len(results.Growth) == 0 {
		return fault
	}
	page, err := report.Write(c.Out)
	if err != nil {
		return err
	}
	table, err := report.BenchTable(c.Out)
	if err != nil {
		return err
	}
	err = s.result(results, func(w io.Writer) error {
		if err := table.WriteText(w, s.textOptions()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\nwrote %s\nReport: %s\n", filepath.Join(c.Out, bench.ResultsFile), page)
		return err
	})
	if fault != nil {
		return fault
	}
	return err
}

// serve answers the requests of another bench on standard input.
func (c benchCmd) serve(ctx context.Context, s *session) error {
	w := bench.Worker{Page: report.WriteExplain, Open: func() (compute.Backend, backend.Info, error) {
		return backend.Open(backend.Options{Name: s.cli.Backend, Verify: true})
	}}
	return w.Serve(ctx, os.Stdin, s.out)
}

func listCases(w io.Writer) error {
	for _, c := range bench.Cases() {
		if _, err := fmt.Fprintf(w, "%-18s %s\n", c.Name, c.What); err != nil {
			return err
		}
	}
	return nil
}
