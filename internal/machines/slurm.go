package machines

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Resources are what one line asks a scheduler for.
type Resources struct {
	CPUs int
	GPUs float64 // Ray may share a GPU: 0.5
}

// arrayLimit keeps below Slurm's usual MaxArraySize of 1001.
const arrayLimit = 1000

// WriteSlurm writes array.sh, of which every array task runs one line, and
// submit.sh, which submits it once a stage, each after the one before. A task
// that is requeued runs its line again, which goes on with what is there.
func (p Plan) WriteSlurm(r Resources) error {
	if r.GPUs != float64(int(r.GPUs)) {
		return fmt.Errorf("write the plan for Slurm: %g GPUs a line; Slurm takes whole ones", r.GPUs)
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return fmt.Errorf("write the plan for Slurm: %w", err)
	}
	if strings.ContainsAny(dir, "\"\n") {
		return fmt.Errorf("write the plan for Slurm: the folder %q cannot stand in a #SBATCH line; use one without quotes", dir)
	}
	if err := p.write(ArrayFile, []byte(p.array(dir, r)), 0o755); err != nil {
		return err
	}
	return p.write(SubmitFile, []byte(p.submit(dir)), 0o755)
}

// array is array.sh. The line takes the shell's place, so that Slurm's signals
// reach it: on SIGTERM it saves and ends.
func (p Plan) array(dir string, r Resources) string {
	gpus := ""
	if r.GPUs > 0 {
		gpus = fmt.Sprintf("#SBATCH --gpus-per-task=%d\n", int(r.GPUs))
	}
	return fmt.Sprintf(`#!/usr/bin/env bash
#SBATCH --job-name=robustvit
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=%d
%s#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --output="%s"
# One line of plan.sh an array task; submit.sh says where its stage begins.
set -euo pipefail
line=$((${ROBUSTVIT_FIRST:-1} + SLURM_ARRAY_TASK_ID - 1))
command=$(sed -n "${line}p" %s)
if [ -z "$command" ]; then
  echo "plan.sh has no line $line; write the plan anew and submit it again" >&2
  exit 2
fi
cd %s
echo "line $line: $command"
eval "exec $command"
`, max(r.CPUs, 1), gpus, filepath.Join(dir, LogsFolder, "%A_%a.txt"), quote(filepath.Join(dir, ShellFile)), quote(p.Folder))
}

// submit is submit.sh.
func (p Plan) submit(dir string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `#!/usr/bin/env bash
# Submits the plan to Slurm, a stage after the other. Arguments go to sbatch:
#   %s --partition=gpu --time=4:00:00
# A failed line stops the stages after it; plan anew and submit again, what is
# done costs nothing.
set -euo pipefail
array=%s
after=()
`, SubmitFile, quote(filepath.Join(dir, ArrayFile)))
	for _, part := range p.Parts() {
		fmt.Fprintf(&b, "\n# %s: lines %d to %d\nids=\n", part.Stage, part.First, part.Last)
		for first := part.First; first <= part.Last; first += arrayLimit {
			n := min(arrayLimit, part.Last-first+1)
			fmt.Fprintf(&b, `id=$(sbatch --parsable --array=1-%d --export=ALL,ROBUSTVIT_FIRST=%d "${after[@]}" "$@" "$array")
ids=$ids:${id%%%%;*}
`, n, first)
		}
		fmt.Fprintf(&b, "echo \"%s: %d lines, job${ids//:/ }\"\n", part.Stage, part.Last-part.First+1)
		b.WriteString("after=(--dependency=\"afterok$ids\" --kill-on-invalid-dep=yes)\n")
	}
	return b.String()
}
