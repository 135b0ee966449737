package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights/hub"
)

type weightsCmd struct {
	List  weightsListCmd  `cmd:"" help:"Published models that are known by name."`
	Fetch weightsFetchCmd `cmd:"" help:"Fetch a model from the Hugging Face hub."`
}

type weightsListCmd struct{}

// Help is the example of `robustvit weights list --help`.
func (weightsListCmd) Help() string {
	return "The paper's seven models first. Crop and filter are those of the timm protocol; rate and temperature those of the paper's released finetuning.\n\nExample:\n\n    robustvit weights list"
}

// Run prints the table.
func (weightsListCmd) Run(s *session) error {
	models, err := pretrained.Published()
	if err != nil {
		return err
	}
	return s.result(map[string]any{"models": models}, func(w io.Writer) error {
		table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "paper\tname\tpatch\twidth\tdepth\theads\tclasses\tmean\tcrop\tfilter\trate\ttemperature\thub")
		for _, m := range models {
			v := m.Variant
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%g\t%s\t%s\t%s\t%s\n", dash(m.Paper), m.Name, v.Patch, v.Width, v.Depth, v.Heads, v.Classes,
				threeOrOne(v.Mean), m.Crop, m.Interpolation, numberOrDash(m.Rate), numberOrDash(m.Temperature), m.Repo+":"+m.File)
		}
		if err := table.Flush(); err != nil {
			return err
		}
		for _, m := range models {
			fmt.Fprintf(w, "\n%s\n  %s; %s\n", m.Name, m.Source, m.Licence)
			line(w, "also called", strings.Join(m.Aliases, ", "))
			line(w, "note", m.Note)
			line(w, "JAX", jaxAddress(m.JAX))
		}
		_, err := fmt.Fprintln(w, "\nfetch one: robustvit weights fetch NAME")
		return err
	})
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func numberOrDash(value float64) string {
	if value == 0 {
		return "-"
	}
	return fmt.Sprint(value)
}

func threeOrOne(values [3]float32) string {
	if values[0] == values[1] && values[1] == values[2] {
		return fmt.Sprint(values[0])
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ","), "[]")
}

func jaxAddress(file string) string {
	if file == "" {
		return ""
	}
	return "gs://vit_models/" + file
}

func line(w io.Writer, name, text string) {
	if text != "" {
		fmt.Fprintf(w, "  %s: %s\n", name, text)
	}
}

type weightsFetchCmd struct {
	Name   string        `arg:"" help:"Name of the registry (timm's, the paper's or an alias), or owner/repo[@revision][:file]."`
	Out    string        `help:"Folder to write to; default one in the user's cache." short:"o" placeholder:"DIR"`
	SHA256 string        `help:"SHA-256 that the file must have." name:"sha256" placeholder:"HEX"`
	Stall  time.Duration `help:"Longest silence of the server." default:"30s"`
}

// Help is the example of `robustvit weights fetch --help`.
func (weightsFetchCmd) Help() string {
	return "Length and SHA-256 are compared before the file gets its name; what a cut leaves is used by the next call. HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are honoured; the token goes to the endpoint alone.\n\nExample:\n\n    robustvit weights fetch DeiT-S\n    robustvit weights fetch google/vit-base-patch16-224 --out models/vit"
}

// Run fetches.
func (c weightsFetchCmd) Run(ctx context.Context, s *session) error {
	client := hub.FromEnvironment()
	client.Stall = c.Stall
	s.progress.Phase("fetch " + c.Name)
	client.Progress = func(file string, done, total int64) {
		const mebi = 1 << 20
		if total >= mebi {
			s.progress.Count("MiB of "+file, int(done/mebi), int(total/mebi))
		}
	}
	got, err := client.Fetch(ctx, hub.Job{Name: c.Name, Dir: c.Out, SHA256: c.SHA256})
	if err != nil {
		return err
	}
	return s.result(got, func(w io.Writer) error {
		verb := "wrote"
		if got.There {
			verb = "already there:"
		}
		fmt.Fprintf(w, "%s from %s: %d bytes, SHA-256 %s, compared with %s\n", got.File, got.Endpoint, got.Bytes, got.SHA256, got.Checked)
		if got.Model != "" {
			fmt.Fprintln(w, got.Model)
		}
		fmt.Fprintln(w, strings.Join(append([]string{verb, got.Path}, got.Beside...), " "))
		if got.Next != "" {
			fmt.Fprintln(w, "next:", got.Next)
		}
		return nil
	})
}
