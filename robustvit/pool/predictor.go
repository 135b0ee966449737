package pool

import (
	"context"
	"fmt"

	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
)

// loaded is a compiled predictor with the weights it holds.
type loaded struct {
	predictor *robustvit.Predictor
	store     *model.Store
	spec      string // hash of the spec whose weights it holds
}

func (l *loaded) close() {
	l.predictor.Close()
	l.store.Finalize()
}

// With lends a predictor with the model's weights. Graphs are compiled once a
// geometry and goroutine, and serve every model.
func (p *Pool) With(ctx context.Context, s Spec, use func(*robustvit.Predictor) error) error {
	if err := stopped(ctx); err != nil {
		return err
	}
	b, err := p.Base(s.Base)
	if err != nil {
		return err
	}
	l := p.take(b, s)
	if l == nil || l.spec != s.SHA256() {
		m, err := p.Model(ctx, s)
		if err != nil {
			p.giveBack(b, l)
			return err
		}
		if l, err = p.load(l, m); err != nil {
			return err
		}
		l.spec = s.SHA256()
	}
	defer p.giveBack(b, l)
	return use(l.predictor)
}

// take prefers an idle predictor that already holds the weights.
func (p *Pool) take(b *Base, s Spec) *loaded {
	p.mu.Lock()
	defer p.mu.Unlock()
	idle := p.predictors[geometry(b)]
	for i, l := range idle {
		if l.spec == s.SHA256() || i == len(idle)-1 {
			p.predictors[geometry(b)] = append(idle[:i:i], idle[i+1:]...)
			return l
		}
	}
	return nil
}

// giveBack takes a predictor back; none is fine.
func (p *Pool) giveBack(b *Base, l *loaded) {
	if l == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.predictors[geometry(b)] = append(p.predictors[geometry(b)], l)
}

// load puts weights into the predictor, or compiles one. A predictor that is
// half loaded is closed.
func (p *Pool) load(l *loaded, m *pretrained.Model) (*loaded, error) {
	if l == nil {
		predictor, store, err := m.Predictor(p.Backend, recipe.EvaluationBatch(m, p.Device.Kind))
		return &loaded{predictor: predictor, store: store}, err
	}
	values, err := m.Values()
	if err == nil {
		err = l.predictor.Load(values)
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// geometry tells models that share a compiled graph.
func geometry(b *Base) string {
	v := b.Model.Variant
	return fmt.Sprint(v.ImageSize, v.Patch, v.Width, v.Depth, v.Heads, v.MLP, v.Classes, v.PrefixTokens)
}
