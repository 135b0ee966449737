package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/robustvit/pretrained"
)

// predicted asks for each model's own prediction.
const predicted = -1

// targetClass reads the class to explain: a name of the model's, a class index,
// or nothing for the predicted class.
func targetClass(text string, m *pretrained.Model) (int, error) {
	if text == "" {
		return predicted, nil
	}
	var alike []int
	for class, name := range m.Classes {
		if name == text {
			return class, nil
		}
		if strings.EqualFold(name, text) {
			alike = append(alike, class)
		}
	}
	if len(alike) == 1 {
		return alike[0], nil
	}
	last := m.Variant.Classes - 1
	if class, err := strconv.Atoi(text); err == nil {
		if class < 0 || class > last {
			return 0, fmt.Errorf("class %d is outside the classes of %s, 0 to %d; name one of them", class, m.Source, last)
		}
		return class, nil
	}
	if len(m.Classes) == 0 {
		return 0, fmt.Errorf("class %q: the weights %s hold no class names; give a class index, 0 to %d", text, m.Source, last)
	}
	return 0, fmt.Errorf("class %q is none of the %d of %s; %s", text, len(m.Classes), m.Source, suggestion(text, m.Classes))
}

// suggestion names classes that share a part with the text, else the first ones.
func suggestion(text string, classes []string) string {
	const most = 8
	var near []string
	for _, name := range classes {
		low, asked := strings.ToLower(name), strings.ToLower(text)
		if strings.Contains(low, asked) || strings.Contains(asked, low) {
			near = append(near, name)
		}
	}
	if len(near) > 0 {
		return "near it: " + strings.Join(near[:min(most, len(near))], ", ")
	}
	return fmt.Sprintf("they begin with %s; a class index works too", strings.Join(classes[:min(most, len(classes))], ", "))
}

// comparable refuses two models of different geometry: one compiled graph serves both.
func comparable(before, after *pretrained.Model) error {
	a, b := before.Variant, after.Variant
	a.Name, a.Mean, a.Std = b.Name, b.Mean, b.Std
	if a == b {
		return nil
	}
	geometry := func(m *pretrained.Model) string {
		v := m.Variant
		return fmt.Sprintf("%d pixels, patch %d, width %d, depth %d, %d heads, %d classes", v.ImageSize, v.Patch, v.Width, v.Depth, v.Heads, v.Classes)
	}
	return fmt.Errorf("explain: %s (%s) is not a finetuning of %s (%s); give weights of the same model",
		after.Source, geometry(after), before.Source, geometry(before))
}
