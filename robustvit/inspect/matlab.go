package inspect

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/robustvit/workbench/data/gtsegs"
	"github.com/robustvit/workbench/data/mat73"
	"github.com/robustvit/workbench/weights"
)

// matlab lists the variables of a MATLAB v7.3 file and says whether they are a
// segmentation test set.
func (f *Finding) matlab() error {
	if err := f.variables(); err != nil {
		return fmt.Errorf("inspect %q: %w", f.Path, err)
	}
	f.Kind = "MATLAB v7.3"
	set, err := gtsegs.Open(f.Path)
	if missing := new(mat73.MissingError); errors.As(err, &missing) {
		f.add("segmentation test set", "no: %v", missing)
		return nil
	}
	if err != nil {
		return err
	}
	sizes, err := set.Sizes()
	if err != nil {
		return err
	}
	f.add("segmentation test set", "%d pictures with masks", set.Len())
	f.add("sides", "%d to %d pixels", sizes.SmallestSide, sizes.LargestSide)
	f.add("use it", "robustvit segment --data %s", weights.ShellWord(f.Path))
	return nil
}

// variables lists what the root of the file names; MATLAB's own parts begin with #.
func (f *Finding) variables() error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	mat, err := mat73.New(file, info.Size())
	if err != nil {
		return err
	}
	members, err := mat.Members()
	if err != nil {
		return err
	}
	list := Table{Title: "Variables", Columns: []string{"name", "type", "axes, the fastest last"}}
	for _, m := range members {
		if strings.HasPrefix(m.Name, "#") {
			continue
		}
		row := []string{m.Name, "struct", ""}
		if d, err := mat.Dataset(m.Ref); err == nil {
			row[1], row[2] = d.Type.String(), fmt.Sprint(d.Dims)
		} else if !mat.IsGroup(m.Ref) {
			row[1] = err.Error()
		}
		list.Rows = append(list.Rows, row)
	}
	f.Lists = append(f.Lists, list)
	return nil
}
