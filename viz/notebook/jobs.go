package notebook

import (
	"context"
	"fmt"
	"time"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/masks"
	"github.com/robustvit/workbench/robustvit/measure"
)

// RunMain runs the main job with a live view, with the heatmaps of the model that
// is trained where the job is watched, and prints where it is. Cells may be
// stopped and run again as those of [Finetune].
func RunMain(job mainjob.Main) *mainjob.Results {
	start, progress := time.Now(), NewProgress("Main job on "+job.Config.Finetune.Backend)
	job.Listen = progress.MainListener(job)
	results := Do(job.Run)
	progress.End("finished")
	fmt.Printf("%s: %.0f s on %s\n", job.Dir, time.Since(start).Seconds(), results.Backend)
	return results
}

// Finetune runs one finetuning with a live view, with its heatmaps where the job
// is watched, and prints where it is. A finished one costs a second; the stop
// button ends it, and the cell run again goes on from the last save.
func Finetune(job finetune.Job) finetune.Result {
	progress := NewProgress("Finetuning on " + job.Config.Backend)
	if job.Watch.Images > 0 {
		progress.Maps(job.Dir)
	}
	job.Listen = progress.TrainingListener()
	result := Do(func(ctx context.Context) (finetune.Result, error) { return finetune.Run(ctx, job) })
	progress.End("finished")
	fmt.Printf("%s: %d steps on %d images, last loss %.4f\n", job.Dir, result.Steps, result.Images, result.Losses.Total)
	return result
}

// Measure runs an evaluation with a live view and prints where it is. What is
// measured already is not measured again.
func Measure(job measure.Job) *measure.Results {
	progress := NewProgress("Evaluation on " + job.Config.Backend)
	job.Phase, job.Count = progress.Phase, progress.Count
	results := Do(job.Run)
	progress.End("finished")
	fmt.Printf("%s: %d models on %d sets\n", job.Dir, len(job.Config.Models), len(job.Sets))
	return results
}

// MakeMasks makes the masks of a data set with a live view and prints how many
// were kept. Masks that are there are not made again.
func MakeMasks(job masks.Job) masks.Report {
	progress := NewProgress("Masks on " + job.Device)
	job.Phase, job.Progress = progress.Phase, func(done, total int) { progress.Count("images", done, total) }
	made := Do(func(ctx context.Context) (masks.Report, error) { return masks.Run(ctx, job) })
	progress.End("finished")
	fmt.Printf("%s: %d masks of %d images, %d rejected\n", job.Dir, made.Written, made.Listed, made.Rejected)
	return made
}
