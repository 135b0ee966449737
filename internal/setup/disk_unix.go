//go:build linux || darwin

package setup

import (
	"fmt"
	"syscall"
)

// diskNeeded is the plugin (200 MB), JupyterLab (300 MB) and room for runs.
const diskNeeded = 1 << 30

func diskRow(root string) Row {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(root, &stat); err != nil {
		return Row{Name: "disk", State: Optional, Found: "cannot be asked: " + err.Error()}
	}
	free := stat.Bavail * uint64(stat.Bsize)
	found := fmt.Sprintf("%.1f GB free in %s", float64(free)/1e9, root)
	if free < diskNeeded {
		return Row{"disk", Fault, found, "free 1 GB there"}
	}
	return Row{Name: "disk", State: OK, Found: found}
}
