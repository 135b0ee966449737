package tests

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/gomlx/compute"
	"github.com/janpfeifer/must"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// smallJob is the main job on the embedded model with a few images of each set.
func smallJob(t *testing.T, b compute.Backend, d data.Collection, dir string) *mainjob.Results {
	t.Helper()
	m := must.M1(pretrained.Open("demo:vit"))
	base := finetune.Embedded(m.Variant)
	base.PerClass, base.Epochs = 1, 1
	job := mainjob.NewMain(m, d, base, true)
	job.Dir, job.Backend = dir, b
	return must.M1(job.Run(context.Background()))
}

// TestFoldersGiveTheSameResult writes the embedded data to disk and runs the
// whole job from the folders: every record and every weight is the same.
func TestFoldersGiveTheSameResult(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the main job twice")
	}
	b, _, err := backend.Open(backend.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	generated := shapes.NewCollection(shapes.Options{TrainImages: 120, EvalImages: 20})
	dir := t.TempDir()
	root := filepath.Join(dir, "shapes")
	must.M(shapes.Write(context.Background(), root, generated, nil))
	onDisk := must.M1(data.OpenRoot(root))
	first := smallJob(t, b, generated, filepath.Join(dir, "generated"))
	second := smallJob(t, b, onDisk, filepath.Join(dir, "disk"))
	for _, m := range first.Models {
		for _, set := range generated.SetNames() {
			name := run.RecordsName(set, m.Name)
			want := must.M1(evaluate.ReadRecords(filepath.Join(dir, "generated", name)))
			for i := range want {
				want[i].Factor = "" // of the generated images alone: folders do not name it
			}
			if got := must.M1(evaluate.ReadRecords(filepath.Join(dir, "disk", name))); !reflect.DeepEqual(want, got) {
				t.Errorf("%s differs between generated images and folders", name)
			}
		}
		if first.Segmentation[m.Name] != second.Segmentation[m.Name] {
			t.Errorf("segmentation test of %s: %+v generated, %+v from folders", m.Name, first.Segmentation[m.Name], second.Segmentation[m.Name])
		}
	}
	if len(first.Sets) != 9 || len(first.Models) != 4 {
		t.Errorf("%d sets and %d models, want the paper's nine sets and original, control and both of ours", len(first.Sets), len(first.Models))
	}
	if before := first.Sets[0].Top1[mainjob.Before]; before.Percent < 70 {
		t.Errorf("the embedded model classifies %.0f %% of the clean set, its maker measured 91", before.Percent)
	}
}
