package data

import "fmt"

// Batch is what one step of the device reads: images [B, 3, h, w] normalised,
// masks [B, 1, h, w] (nil unless asked for), labels [B].
type Batch struct {
	Images  []float32
	Masks   []float32
	Labels  []int32
	Indices []int // of each row in the data set
	N       int   // rows 0 to N-1 are real; the others repeat row N-1 so that the shape is fixed
	Epoch   int
	Step    int // number of the batch in its epoch
}

// Plan says which batches to prepare and how. It is a value without state: any
// batch can be prepared again from Seed, Epoch and its number.
type Plan struct {
	Indices   []int    // samples to use, in order; nil = all
	BatchSize int      // B
	Size      int      // h = w, pixels
	Protocol  Protocol // normalisation, and the geometry unless Augment is set
	Augment   *Augment // random changes of training
	Rule      MaskRule
	Masks     bool // every sample must have a mask

	Shuffle  bool // order of each epoch is a permutation drawn from (Seed, epoch)
	DropLast bool // leave out a last batch that is not full
	Seed     uint64
	Epoch    int // first epoch
	Epochs   int // number of epochs; 0 = 1
	Step     int // first batch of the first epoch: where a run resumes

	Workers int // samples prepared at the same time; 0 = number of CPUs
	Ahead   int // finished batches that may wait; 0 = 2
}

// Validate reports what Batches would refuse.
func (p Plan) Validate(d Dataset) error {
	switch {
	case p.BatchSize < 1:
		return fmt.Errorf("batch size %d must be at least 1", p.BatchSize)
	case p.Epoch < 0 || p.Epochs < 0 || p.Step < 0:
		return fmt.Errorf("first epoch %d, epochs %d and first batch %d must not be negative", p.Epoch, p.Epochs, p.Step)
	case p.Workers < 0 || p.Ahead < 0:
		return fmt.Errorf("workers %d and batches ahead %d must not be negative", p.Workers, p.Ahead)
	case p.count(d) == 0:
		return fmt.Errorf("data set %s has no sample to read", d.Name())
	case p.Steps(d) == 0:
		return fmt.Errorf("data set %s gives %d samples, less than one batch of %d; use a smaller batch", d.Name(), p.count(d), p.BatchSize)
	}
	for _, i := range p.Indices {
		if i < 0 || i >= d.Len() {
			return fmt.Errorf("data set %s has samples 0 to %d, asked for %d", d.Name(), d.Len()-1, i)
		}
	}
	for c, std := range p.Protocol.Std {
		if !(std > 0) {
			return fmt.Errorf("protocol %q: standard deviation of channel %d is %g, expected above 0", p.Protocol.Name, c, std)
		}
	}
	if p.Augment != nil {
		return p.Augment.Validate()
	}
	return p.Protocol.checkSize(p.Size)
}

func (p Plan) count(d Dataset) int {
	if p.Indices != nil {
		return len(p.Indices)
	}
	return d.Len()
}

// Steps is the number of batches of an epoch.
func (p Plan) Steps(d Dataset) int {
	if p.DropLast {
		return p.count(d) / p.BatchSize
	}
	return (p.count(d) + p.BatchSize - 1) / p.BatchSize
}

// Order is the order of the samples in an epoch, as indices of the data set.
func (p Plan) Order(d Dataset, epoch int) []int {
	order := make([]int, p.count(d))
	for i := range order {
		order[i] = i
	}
	if p.Shuffle {
		order = newStream(forOrder, p.Seed, uint64(epoch)).permutation(len(order))
	}
	if p.Indices != nil {
		for i := range order {
			order[i] = p.Indices[order[i]]
		}
	}
	return order
}

// newBatch lays out batch step of an epoch in this order.
func (p Plan) newBatch(order []int, epoch, step int) *Batch {
	rows := order[step*p.BatchSize : min((step+1)*p.BatchSize, len(order))]
	b := &Batch{N: len(rows), Epoch: epoch, Step: step}
	for row := range p.BatchSize {
		b.Indices = append(b.Indices, rows[min(row, len(rows)-1)])
	}
	plane := p.Size * p.Size
	b.Images = make([]float32, 3*plane*p.BatchSize)
	b.Labels = make([]int32, p.BatchSize)
	if p.Masks {
		b.Masks = make([]float32, plane*p.BatchSize)
	}
	return b
}

// fill prepares one real row.
func (p Plan) fill(b *Batch, row int, d Dataset) error {
	index := b.Indices[row]
	sample, err := d.Load(index)
	if err != nil {
		return err
	}
	img, mask, err := p.prepare(sample, b.Epoch, index)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", fileOf(d, index), err)
	}
	plane := p.Size * p.Size
	Normalize(b.Images[3*plane*row:3*plane*(row+1)], img, p.Protocol.Mean, p.Protocol.Std)
	b.Labels[row] = int32(sample.Class)
	if !p.Masks {
		return nil
	}
	if mask == nil {
		return fmt.Errorf("sample %s has no mask, expected one for each image; make masks or leave the sample out", fileOf(d, index))
	}
	copy(b.Masks[plane*row:plane*(row+1)], mask.Pix)
	return nil
}

// prepare gives the pair its size.
func (p Plan) prepare(sample Sample, epoch, index int) (*Image, *Mask, error) {
	if !p.Masks {
		sample.Mask = nil
	}
	if p.Augment != nil {
		return p.Augment.Apply(sample, p.Size, p.Rule, p.Seed, epoch, index)
	}
	prepared, err := Prepared(sample, p.Protocol, p.Size, p.Rule)
	return prepared.Image, prepared.Mask, err
}

// pad repeats the last real row.
func (p Plan) pad(b *Batch) {
	plane := p.Size * p.Size
	for row := b.N; row < p.BatchSize; row++ {
		copy(b.Images[3*plane*row:], b.Images[3*plane*(b.N-1):3*plane*b.N])
		b.Labels[row] = b.Labels[b.N-1]
		if b.Masks != nil {
			copy(b.Masks[plane*row:], b.Masks[plane*(b.N-1):plane*b.N])
		}
	}
}
