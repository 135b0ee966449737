package main

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/experiment"
)

// lineArgs is the command of a plan's line: the same settings, its jobs alone.
func (c sweepCmd) lineArgs(s *session, l experiment.Line) []string {
	args := append([]string{"sweep"}, l.Experiments...)
	if s.cli.Backend != "auto" {
		args = append(args, "--backend="+s.cli.Backend)
	}
	args = append(args, c.settingArgs()...)
	for _, job := range l.Jobs {
		args = append(args, "--job="+job)
	}
	if l.Stage == experiment.Tell {
		args = append(args, "--wait")
		if c.Publish != "" {
			args = append(args, "--publish="+c.Publish)
		}
	}
	return args
}

// settingArgs are the flags that decide what the experiments work on and where,
// those that are at nothing left out.
func (c sweepCmd) settingArgs() []string {
	cache := ""
	if c.Cache != 0 {
		text, _ := c.Cache.MarshalText() // it has no error to report
		cache = string(text)
	}
	var args []string
	for _, flag := range []struct{ name, value string }{
		{"dir", c.Dir}, {"data", c.Data}, {"preset", c.Preset}, {"protocol", c.Protocol}, {"seed", number(c.Seed)}, {"draws", fmt.Sprint(c.Draws)},
		{"per-class", number(c.PerClass)}, {"epochs", number(c.Epochs)}, {"train", fmt.Sprint(c.Train)}, {"per-set", fmt.Sprint(c.PerSet)},
		{"mask-model", c.MaskModel}, {"mask-dir", c.MaskDir}, {"parallel", number(c.Parallel)}, {"cache", cache},
	} {
		if flag.value != "" {
			args = append(args, "--"+flag.name+"="+flag.value)
		}
	}
	for _, model := range c.Model {
		args = append(args, "--model="+model)
	}
	for _, set := range c.Sets {
		args = append(args, "--sets="+set)
	}
	if c.Offline {
		args = append(args, "--offline")
	}
	return args
}

// number is n, "" for the 0 of a flag whose default that is.
func number[T int | uint64](n T) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
