package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/robustvit/workbench/robustvit/finetune"
)

// compare measures a task: once beside each peer, or alone where there is none.
// A peer that fails does not keep the others from being measured.
func (b *bench) compare(ctx context.Context, c Case, t Task) ([]Result, error) {
	result := Result{Case: t.title(c), Model: modelTitle(t.Variant), Kind: c.Title, Batch: t.Batch, Compiles: c.compiles}
	command := b.ours
	if c.trains && finetune.OneArena(t.Variant) {
		command.env = []string{finetune.ArenaVariable + "=1"} // as robustvit finetune
	}
	ours, err := prepared(ctx, command, request{Task: &t})
	if err != nil {
		result.Error = err.Error()
		return []Result{result}, err
	}
	defer ours.close()
	peers := c.Peers
	if b.peer.args == nil || len(peers) == 0 {
		peers = []string{""}
	}
	var results []Result
	var faults []error
	for _, peer := range peers {
		result := result
		result.Peer = peer
		err := b.beside(ctx, ours, t, &result)
		if errors.Is(err, context.Cause(ctx)) && err != nil {
			return results, err
		}
		if err != nil {
			result.Error = err.Error()
			faults = append(faults, fmt.Errorf("%s: %w", result.Case, err))
		}
		results = append(results, result)
	}
	return results, errors.Join(faults...)
}

// beside measures our prepared side in turn with the result's peer.
func (b *bench) beside(ctx context.Context, ours *process, t Task, r *Result) (err error) {
	var their func() (float64, error)
	var peer *process
	if r.Peer != "" {
		if peer, err = prepared(ctx, b.peer, request{Task: &t, Peer: r.Peer}); err != nil {
			return err
		}
		defer peer.close()
		their = func() (float64, error) { return peer.round(b.Seconds) }
	}
	if r.Rounds, err = alternate(b.Rounds, func() (float64, error) { return ours.round(b.Seconds) }, their); err != nil {
		return err
	}
	r.summarise()
	if r.PeakMiB, err = ours.peak(); err != nil || peer == nil {
		return err
	}
	r.PeerPeakMiB, err = peer.peak()
	return err
}

// prepared starts a side and has it prepare the task.
func prepared(ctx context.Context, c command, q request) (*process, error) {
	p, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	q.Do = "prepare"
	if _, err := p.ask(q); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// round is milliseconds for one unit.
func (p *process) round(seconds float64) (float64, error) {
	a, err := p.ask(request{Do: "round", Seconds: seconds})
	if err == nil && a.Images < 1 {
		err = fmt.Errorf("bench: %s did nothing in a round", p.name)
	}
	return 1000 * a.Seconds / float64(max(a.Images, 1)), err
}

func (p *process) peak() (float64, error) {
	a, err := p.ask(request{Do: "peak"})
	return a.PeakMiB, err
}
