package robustvit

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Predictor runs a model without training it: logits, or logits with maps.
type Predictor struct {
	backend compute.Backend
	variant Variant
	batch   int
	store   *model.Store
	logits  *model.Exec
	explain *model.Exec
	devices *devices // nil is one

	mu   sync.Mutex
	lazy map[string]*model.Exec // what is not asked of every model, by what it computes
}

// Explanation is what the model says about a batch of n images.
type Explanation struct {
	Logits  []float32 // n x K
	Patches []float32 // n x P: raw; Eq. 7's CLS row, or what another explainer has for it
	Maps    []float32 // n x h x w: upsampled, min-max scaled to [0, 1]
}

// NewPredictor shares the weights of the store (NewStore, Trainer.Store). The
// batch size is that of the compiled graphs; smaller batches are padded.
func NewPredictor(backend compute.Backend, v Variant, store *model.Store, batch int) (*Predictor, error) {
	if batch < 1 {
		return nil, fmt.Errorf("batch size %d must be at least 1", batch)
	}
	logits, err := model.NewExec(backend, store, func(scope *model.Scope, images *Node) *Node {
		return ForwardPrefix(v, StoreWeights(scope.Store(), images.Graph()), images).Logits
	})
	if err != nil {
		return nil, fmt.Errorf("prediction: %w", err)
	}
	explain, err := model.NewExec(backend, store, func(scope *model.Scope, inputs []*Node) []*Node {
		images, classes := inputs[0], inputs[1]
		trace := ForwardPrefix(v, StoreWeights(scope.Store(), images.Graph()), images)
		classes = orPredicted(classes, trace.Logits)
		patches := Relevance(v, trace, AttentionGradients(trace, classes, FirstOrder), 0)
		return []*Node{trace.Logits, patches, Map(v, patches)}
	})
	if err != nil {
		return nil, fmt.Errorf("explanation: %w", err)
	}
	return &Predictor{backend: backend, variant: v, batch: batch, store: store, logits: logits, explain: explain}, nil
}

// Compile builds the graph of Explain before its first call.
func (p *Predictor) Compile() error {
	size, n := p.variant.ImageSize, p.batch/p.devices.count()
	inputs := []shapes.Shape{shapes.Make(dtypes.Float32, n, 3, size, size), shapes.Make(dtypes.Int32, n)}
	if _, err := p.explain.Compile(slices.Repeat(inputs, p.devices.count())...); err != nil {
		return fmt.Errorf("explanation: %w", err)
	}
	return nil
}

// BatchSize is the number of images of one call.
func (p *Predictor) BatchSize() int { return p.batch }

// Variant is the model's geometry.
func (p *Predictor) Variant() Variant { return p.variant }

// Load replaces the weights; the compiled graphs serve the new ones too. The
// values are taken over.
func (p *Predictor) Load(values Values) error {
	for _, spec := range p.variant.WeightSpecs() {
		value, ok := values[spec.Name]
		if !ok || !sameShape(value.Shape().Dimensions, spec.Shape) {
			return fmt.Errorf("load: weight %q is missing or not of shape %v", spec.Name, spec.Shape)
		}
		if err := p.devices.set(p.store.GetVariable(variablePath(spec.Name)), value); err != nil {
			return fmt.Errorf("load weight %q: %w", spec.Name, err)
		}
	}
	return nil
}

// Logits classifies n images, at most BatchSize: images n x 3 x h x w normalised -> n x K.
func (p *Predictor) Logits(images []float32, n int) ([]float32, error) {
	input, err := p.pad(images, n)
	if err != nil {
		return nil, err
	}
	outputs, err := p.call(p.logits, input)
	if err != nil {
		return nil, fmt.Errorf("predict %d images: %w", n, err)
	}
	return firstRows(outputs[0], n*p.variant.Outputs())
}

// Explain classifies n images and maps the relevance of the given classes; a
// negative class, or nil classes, asks for the predicted one.
func (p *Predictor) Explain(images []float32, classes []int32, n int) (Explanation, error) {
	return p.explainBy(p.explain, images, classes, n)
}

// explainBy runs a graph of images and classes that returns logits, patches and maps.
func (p *Predictor) explainBy(exec *model.Exec, images []float32, classes []int32, n int) (Explanation, error) {
	input, err := p.pad(images, n)
	if err != nil {
		return Explanation{}, err
	}
	asked, err := p.asked(classes)
	if err != nil {
		return Explanation{}, err
	}
	outputs, err := p.call(exec, input, asked)
	if err != nil {
		return Explanation{}, fmt.Errorf("explain %d images: %w", n, err)
	}
	var e Explanation
	pixels := p.variant.ImageSize * p.variant.ImageSize
	for i, part := range []struct {
		to    *[]float32
		width int
	}{{&e.Logits, p.variant.Outputs()}, {&e.Patches, p.variant.Patches()}, {&e.Maps, pixels}} {
		if *part.to, err = firstRows(outputs[i], n*part.width); err != nil {
			return Explanation{}, err
		}
	}
	return e, nil
}

// Close frees the compiled graphs; the store's weights stay.
func (p *Predictor) Close() {
	p.logits.Finalize()
	p.explain.Finalize()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, exec := range p.lazy {
		exec.Finalize()
	}
	p.lazy = nil
}

// lazily is the executor of a graph that is built when first asked for, under a
// name for what it computes.
func (p *Predictor) lazily(name string, graph func(w Weights, inputs []*Node) []*Node) (*model.Exec, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if exec := p.lazy[name]; exec != nil {
		return exec, nil
	}
	exec, err := model.NewExec(p.backend, p.store, func(scope *model.Scope, inputs []*Node) []*Node {
		return graph(StoreWeights(scope.Store(), inputs[0].Graph()), inputs)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.devices.divide(exec)
	if p.lazy == nil {
		p.lazy = map[string]*model.Exec{}
	}
	p.lazy[name] = exec
	return exec, nil
}

// asked fills the classes of a batch up with -1, the predicted class.
func (p *Predictor) asked(classes []int32) ([]int32, error) {
	asked := make([]int32, p.batch)
	for i := range asked {
		asked[i] = -1
		if i < len(classes) {
			asked[i] = classes[i]
		}
		if int(asked[i]) >= p.variant.Outputs() {
			return nil, fmt.Errorf("explain: class %d is outside the model's %d classes", asked[i], p.variant.Outputs())
		}
	}
	return asked, nil
}

// orPredicted replaces negative classes [B] int32 by those predicted from logits [B, K].
func orPredicted(classes, logits *Node) *Node {
	return Where(LessThan(classes, ZerosLike(classes)), ArgMax(StopGradient(logits), -1), classes)
}

// pad fills a batch with zeros up to the compiled size.
func (p *Predictor) pad(images []float32, n int) (*tensors.Tensor, error) {
	size := p.variant.ImageSize
	one := 3 * size * size
	if n < 1 || n > p.batch || len(images) < n*one {
		return nil, fmt.Errorf("predict: %d images in %d values, expected 1 to %d images of %d values (3 x %d x %d)", n, len(images), p.batch, one, size, size)
	}
	if len(images) != p.batch*one {
		padded := make([]float32, p.batch*one)
		copy(padded, images[:n*one])
		images = padded
	}
	return tensors.FromFlatDataAndDimensions(images, p.batch, 3, size, size), nil
}

// firstRows are the first values of an output whose rows are images. A value
// that is not finite is an error: it would pass for a number in tables.
func firstRows(output *tensors.Tensor, values int) ([]float32, error) {
	flat, err := tensors.CopyFlatData[float32](output)
	if err != nil {
		return nil, fmt.Errorf("read from the device: %w", err)
	}
	for i, value := range flat[:values] {
		if math.Float32bits(value)&exponent == exponent {
			return nil, &NotFiniteOutput{Row: i * output.Shape().Dimensions[0] / len(flat), Value: value}
		}
	}
	return flat[:values], nil
}

const exponent = 0x7f800000 // bits that are all set in NaN and infinity

// NotFiniteOutput says that a model computed NaN or infinity.
type NotFiniteOutput struct {
	Row   int // image of the batch
	Value float32
}

func (e *NotFiniteOutput) Error() string {
	return fmt.Sprintf("the model computes %g for image %d of the batch: its numbers leave the range of float32; use sound weights", e.Value, e.Row+1)
}
