package data_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
)

func BenchmarkDecodeJPEG(b *testing.B) {
	content, err := os.ReadFile(filepath.Join(goldenFolder, "photo_420.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := data.DecodeImage(bytes.NewReader(content), "photo_420.jpg", int64(len(content))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProtocols(b *testing.B) {
	img := ramp(500, 375)
	for _, name := range []string{"paper", "timm", "squash"} {
		p, err := data.ProtocolByName(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Apply(img, 224); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBatches prepares training batches of 8 pairs at 64 pixels.
func BenchmarkBatches(b *testing.B) {
	s := drawnPair(64, 64, 1)
	plan := data.Plan{BatchSize: 8, Size: 64, Protocol: data.Native(), Masks: true, Shuffle: true,
		Augment: &data.Augment{Kind: "shift"}, Epochs: 1 << 30}
	n := 0
	for b.Loop() {
		for _, err := range data.Batches(context.Background(), same{s}, plan) {
			if err != nil {
				b.Fatal(err)
			}
			if n++; n%100 == 0 {
				break
			}
		}
	}
	b.ReportMetric(float64(8*n)/b.Elapsed().Seconds(), "images/s")
}

// same is a data set of one sample over and over.
type same struct{ sample data.Sample }

func (s same) Name() string                  { return "same" }
func (s same) Classes() []string             { return []string{"only"} }
func (s same) Len() int                      { return 800 }
func (s same) Entry(int) data.Entry          { return s.sample.Entry }
func (s same) Load(int) (data.Sample, error) { return s.sample, nil }
