package evaluate

import "github.com/robustvit/workbench/data"

// Rules names the scoring rule of each set under a protocol; sets without a
// rule of their own are left out, nil where none has one.
func Rules(d data.Collection, sets []string, protocol string) (map[string]string, error) {
	var rules map[string]string
	for _, name := range sets {
		set, err := d.Set(name)
		if err != nil {
			return nil, err
		}
		if _, scoring := data.Under(set, protocol); scoring.Rule != "" {
			if rules == nil {
				rules = map[string]string{}
			}
			rules[name] = scoring.Rule
		}
	}
	return rules, nil
}
