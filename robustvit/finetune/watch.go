package finetune

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path"
	"slices"

	"github.com/robustvit/workbench/data"
)

// Watch asks for relevance maps of a few fixed images while a finetuning runs.
// The zero value asks for none. It decides no number of the run.
//
//	watch/index.json                the images: [WatchIndex], there before the first look
//	watch/00.png, ...               each as the model sees it, 8-bit RGB
//	watch/step-00000050/00.png, ... its relevance map after 50 steps, 16-bit, 0..65535 = 0..1
//	watch/step-00000050/index.json  [Look], written last: a look without it is not there
type Watch struct {
	Images int // of set A, and as many with a mask of set B; 0 watches nothing
	Every  int // steps between looks; 0 is a tenth of the run. Before and after the run there is one too
}

// Names in the folder of a watched run.
const (
	WatchDir   = "watch"
	WatchFile  = "index.json"
	watchLooks = 10
)

// WatchIndex says which images are watched.
type WatchIndex struct {
	Rule   string         `json:"rule"`
	Images []WatchedImage `json:"images"`
}

// WatchedImage is one of the fixed images; its class is the one explained.
type WatchedImage struct {
	data.ManifestItem
	Set     string `json:"set"`     // "A": its class is finetuned; "B"
	Trained bool   `json:"trained"` // one of the training images
	Picture string `json:"picture"` // file in watch
}

// Look is what the model of one step says about the watched images, in their order.
type Look struct {
	Step int        `json:"step"`
	Maps []LookedAt `json:"maps"`
}

// LookedAt is one image in a look.
type LookedAt struct {
	Relevance  string   `json:"relevance"` // file beside
	Predicted  int      `json:"predicted"`
	Confidence float64  `json:"confidence"`        // softmax of the predicted class
	OnMask     *float64 `json:"on_mask,omitempty"` // share of the map's sum inside the mask
}

// LookDir is the folder of a look in a run folder, slash-separated.
func LookDir(step int) string { return path.Join(WatchDir, fmt.Sprintf("step-%08d", step)) }

// watchRule is how the images are chosen, for the reader of a run folder.
const watchRule = "in the order of a hash of the run's seed and the image's name, the first image of each class: %d of set A (finetuned) and %d with a mask of set B"

// watched chooses the images by [watchRule].
func (job Job) watched() ([]int, error) {
	type ranked struct {
		sum   [sha256.Size]byte
		index int
	}
	var all []ranked
	for i := range job.Train.Len() {
		if e := job.Train.Entry(i); e.Class != data.NoClass {
			all = append(all, ranked{sha256.Sum256(fmt.Appendf(nil, "watch %d %s", job.Config.Seed, e.ID)), i})
		}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), cmp.Compare(a.index, b.index))
	})
	var inA, inB []int
	for _, r := range all {
		if slices.Contains(job.Config.Classes, job.Train.Entry(r.index).Class) {
			inA = append(inA, r.index)
		} else {
			inB = append(inB, r.index)
		}
	}
	if len(inA) == 0 {
		return nil, fmt.Errorf("watch: data set %s has no image of the finetuned classes", job.Train.Name())
	}
	misses := 0
	masked := func(i int) bool {
		if misses == unmaskedImages { // asking may mean loading: set B has no masks
			return false
		}
		has, err := data.HasMask(job.Train, i)
		if err != nil || !has {
			misses++
		}
		return err == nil && has
	}
	return append(job.oneAClass(inA, func(int) bool { return true }), job.oneAClass(inB, masked)...), nil
}

// unmaskedImages is how many images of set B may lack a mask before it counts
// as a set without.
const unmaskedImages = 100

// oneAClass takes the first usable candidate of each class and, where the
// classes do not suffice, the next ones.
func (job Job) oneAClass(candidates []int, usable func(i int) bool) []int {
	var first, more []int
	seen, n := map[int]bool{}, job.Watch.Images
	for _, i := range candidates {
		class := job.Train.Entry(i).Class
		switch {
		case len(first) == n:
			return first
		case seen[class] && len(more) == n || !usable(i):
		case seen[class]:
			more = append(more, i)
		default:
			seen[class], first = true, append(first, i)
		}
	}
	first = append(first, more...)
	return first[:min(n, len(first))]
}

// mapPNG encodes a square relevance map in [0, 1] as 16-bit gray.
func mapPNG(relevance []float32, side int) ([]byte, error) {
	out := image.NewGray16(image.Rect(0, 0, side, side))
	for i, v := range relevance {
		out.SetGray16(i%side, i/side, color.Gray16{Y: uint16(min(max(v, 0), 1)*65535 + 0.5)})
	}
	return encodePNG(out)
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("watch: encode PNG of %v: %w", img.Bounds(), err)
	}
	return b.Bytes(), nil
}

// onMask is the share of the map's sum inside the mask; nil without a mask or a sum.
func onMask(relevance []float32, mask *data.Mask) *float64 {
	if mask == nil {
		return nil
	}
	inside, sum := 0.0, 0.0
	for i, v := range relevance {
		inside, sum = inside+float64(v*mask.Pix[i]), sum+float64(v)
	}
	if sum <= 0 {
		return nil
	}
	share := inside / sum
	return &share
}
