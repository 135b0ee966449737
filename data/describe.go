package data

import "fmt"

// Describe names data with their size: another size is another job.
func Describe(d Collection) string {
	text := d.Name()
	if train, err := d.Train(); err == nil && train != nil {
		text += fmt.Sprintf(", %d images to choose from", train.Len())
	}
	least, most := 0, 0
	for i, name := range d.SetNames() {
		if set, err := d.Set(name); err == nil {
			most = max(most, set.Len())
			if least = min(least, set.Len()); i == 0 {
				least = set.Len()
			}
		}
	}
	if least == most {
		return text + fmt.Sprintf(", %d a set", most)
	}
	return text + fmt.Sprintf(", %d to %d a set", least, most)
}
