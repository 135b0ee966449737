//go:build !linux && !darwin

package setup

func diskRow(root string) Row {
	return Row{Name: "disk", State: Optional, Found: "not asked on this system: " + root}
}
