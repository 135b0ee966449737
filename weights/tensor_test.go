package weights

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFloatConversions(t *testing.T) {
	half := func(bits ...uint16) []byte {
		var out []byte
		for _, b := range bits {
			out = binary.LittleEndian.AppendUint16(out, b)
		}
		return out
	}
	inf := float32(math.Inf(1))
	for _, c := range []struct {
		dtype DType
		data  []byte
		want  []float32
	}{
		// 1, -2, largest, smallest subnormal, largest subnormal, infinity, -0
		{F16, half(0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0x8000), []float32{1, -2, 65504, 0x1p-24, 1023 * 0x1p-24, inf, float32(math.Copysign(0, -1))}},
		{BF16, half(0x3f80, 0xc000, 0x7f80, 0x0001), []float32{1, -2, inf, 0x1p-133}},
		{F64, Float64Tensor("", nil, []float64{1.5, -0.1, math.Inf(1)}).Data, []float32{1.5, -0.1, inf}},
		{F32, Float32Tensor("", nil, []float32{1.5, -0.1, inf}).Data, []float32{1.5, -0.1, inf}},
	} {
		x := Tensor{Name: "x", DType: c.dtype, Shape: []int{len(c.want)}, Data: c.data}
		got, err := x.Float32s()
		if err != nil {
			t.Error(err)
			continue
		}
		for i := range c.want {
			if math.Float32bits(got[i]) != math.Float32bits(c.want[i]) {
				t.Errorf("%s element %d: %g, want %g", c.dtype, i, got[i], c.want[i])
			}
		}
	}
	if v := float16(0x7e00); !math.IsNaN(v) {
		t.Errorf("half NaN became %g", v)
	}
}

func TestTensorErrors(t *testing.T) {
	short := Float32Tensor("short", []int{3}, []float32{1, 2})
	far := Float64Tensor("far", []int{1}, []float64{1e300})
	whole := Int64Tensor("whole", []int{1}, []int64{1})
	negative := Float32Tensor("negative", []int{-1, -2}, []float32{1, 2})
	float := Float32Tensor("float", []int{1}, []float32{1})
	_, err1 := short.Float32s()
	_, err2 := far.Float32s()
	_, err3 := whole.Float32s()
	_, err4 := negative.Float64s()
	_, err5 := float.Int64s()
	for word, err := range map[string]error{"8 bytes": err1, "1e+300": err2, "I64": err3, "negative": err4, "F32": err5} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error %v, want %q in it", err, word)
		}
	}
}

func TestIntegers(t *testing.T) {
	for _, x := range []Tensor{
		Int64Tensor("a", []int{3}, []int64{-1, 0, 7}), Int32Tensor("a", []int{3}, []int32{-1, 0, 7}),
	} {
		if got, err := x.Int64s(); err != nil || !slices.Equal(got, []int64{-1, 0, 7}) {
			t.Errorf("%s: %v, %v", x.DType, got, err)
		}
	}
	bytes := Uint8Tensor("a", []int{2}, []uint8{0, 255})
	if got, err := bytes.Int64s(); err != nil || !slices.Equal(got, []int64{0, 255}) {
		t.Errorf("U8: %v, %v", got, err)
	}
}

func TestCheckFinite(t *testing.T) {
	good := &File{Tensors: []Tensor{
		Float32Tensor("a", []int{2}, []float32{math.MaxFloat32, -math.MaxFloat32}),
		{Name: "h", DType: F16, Shape: []int{1}, Data: []byte{0xff, 0x7b}},
		{Name: "b", DType: BF16, Shape: []int{1}, Data: []byte{0x7f, 0x7f}},
		Int64Tensor("i", []int{1}, []int64{-1}),
	}}
	if err := good.CheckFinite(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Tensor{
		Float32Tensor("x", []int{3}, []float32{0, float32(math.NaN()), float32(math.Inf(1))}),
		Float64Tensor("x", []int{3}, []float64{0, math.NaN(), math.Inf(-1)}),
		{Name: "x", DType: F16, Shape: []int{3}, Data: []byte{0, 0, 0, 0x7e, 0, 0xfc}},
		{Name: "x", DType: BF16, Shape: []int{3}, Data: []byte{0, 0, 0xc0, 0x7f, 0x80, 0xff}},
	} {
		err := (&File{Tensors: append(slices.Clone(good.Tensors), bad)}).CheckFinite()
		if err == nil || !strings.Contains(err.Error(), `"x": found 2 of 3`) || !strings.Contains(err.Error(), "element 1") {
			t.Errorf("%s: error %v", bad.DType, err)
		}
	}
}

// The content hash sees each part of the content, and only the content.
func TestContentHash(t *testing.T) {
	a, b := Float32Tensor("a", []int{2}, []float32{1, 2}), Float32Tensor("b", []int{1, 2}, []float32{3, 4})
	base := (&File{Tensors: []Tensor{a, b}}).SHA256()
	if (&File{Tensors: []Tensor{b, a}, Metadata: map[string]string{"k": "v"}}).SHA256() != base {
		t.Error("order or metadata changed the hash")
	}
	renamed, reshaped, retyped := a, b, a
	renamed.Name, reshaped.Shape, retyped.DType = "c", []int{2, 1}, I32
	for what, f := range map[string]*File{
		"name": {Tensors: []Tensor{renamed, b}}, "shape": {Tensors: []Tensor{a, reshaped}}, "type": {Tensors: []Tensor{retyped, b}},
		"count": {Tensors: []Tensor{a}}, "data": {Tensors: []Tensor{Float32Tensor("a", []int{2}, []float32{1, 3}), b}},
	} {
		if f.SHA256() == base {
			t.Errorf("another %s gave the same hash", what)
		}
	}
}

// Values survive packing, writing and reading bit for bit.
func TestRoundTripProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &File{Metadata: rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "metadata")}
		names := rapid.SliceOfDistinct(rapid.String(), func(s string) string { return s }).Draw(t, "names")
		for _, name := range names {
			if name == metadataKey {
				continue
			}
			dtype := rapid.SampledFrom(dtypeTable).Draw(t, "dtype")
			shape := rapid.SliceOfN(rapid.IntRange(0, 4), 0, MaxAxes).Draw(t, "shape")
			if dtype.bits%8 != 0 {
				shape = append(shape[:min(len(shape), MaxAxes-1)], 4) // whole bytes
			}
			size, problem := byteSize(dtype.dtype, shape)
			if problem != "" {
				t.Fatal(problem)
			}
			top := byte(255)
			if dtype.dtype == Bool {
				top = 1
			}
			size = min(size, 1<<12)
			data := rapid.SliceOfN(rapid.ByteRange(0, top), int(size), int(size)).Draw(t, "data")
			if full, _ := byteSize(dtype.dtype, shape); full != size {
				shape, data = []int{0}, nil
			}
			f.Tensors = append(f.Tensors, Tensor{Name: name, DType: dtype.dtype, Shape: shape, Data: data})
		}
		roundTrip(t, f)
	})
}
