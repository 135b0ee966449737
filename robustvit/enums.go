package robustvit

import (
	"fmt"
	"slices"
	"strings"
)

// The options are written by name in configurations and on the command line.
var (
	methodNames    = []string{"gae", "gradmask", "rrr"}
	explainerNames = []string{"gae", "rollout", "attention", "grad-cam", "input-gradient"}
	orderNames     = []string{"first-order", "second-order"}
	maskNames      = []string{"reference", "strict"}
	targetNames    = []string{"label", "predicted"}
	precisionNames = []string{"float32", "bfloat16"}
	termNames      = []string{"confidence-all", "confidence-finetuned", "true-class-all", "true-class-finetuned", "kl-original"}
)

func (m RelevanceMethod) String() string { return optionName(methodNames, int(m)) }
func (e Explainer) String() string       { return optionName(explainerNames, int(e)) }
func (o GradientOrder) String() string   { return optionName(orderNames, int(o)) }
func (m MaskRule) String() string        { return optionName(maskNames, int(m)) }
func (t TargetClass) String() string     { return optionName(targetNames, int(t)) }
func (t ClassTerm) String() string       { return optionName(termNames, int(t)) }
func (p Precision) String() string       { return optionName(precisionNames, int(p)) }

// MarshalText writes the option's name.
func (m RelevanceMethod) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// MarshalText writes the explainer's name.
func (e Explainer) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// MarshalText writes the option's name.
func (o GradientOrder) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// MarshalText writes the option's name.
func (m MaskRule) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// MarshalText writes the option's name.
func (t TargetClass) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalText writes the option's name.
func (t ClassTerm) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the option's name.
func (m *RelevanceMethod) UnmarshalText(text []byte) error {
	i, err := optionIndex("relevance method", methodNames, string(text))
	*m = RelevanceMethod(i)
	return err
}

// UnmarshalText reads the explainer's name.
func (e *Explainer) UnmarshalText(text []byte) error {
	i, err := optionIndex("explainer", explainerNames, string(text))
	*e = Explainer(i)
	return err
}

// UnmarshalText reads the option's name.
func (o *GradientOrder) UnmarshalText(text []byte) error {
	i, err := optionIndex("gradient order", orderNames, string(text))
	*o = GradientOrder(i)
	return err
}

// UnmarshalText reads the option's name.
func (m *MaskRule) UnmarshalText(text []byte) error {
	i, err := optionIndex("mask rule", maskNames, string(text))
	*m = MaskRule(i)
	return err
}

// UnmarshalText reads the option's name.
func (t *TargetClass) UnmarshalText(text []byte) error {
	i, err := optionIndex("target class", targetNames, string(text))
	*t = TargetClass(i)
	return err
}

// UnmarshalText reads the option's name.
func (t *ClassTerm) UnmarshalText(text []byte) error {
	i, err := optionIndex("class term", termNames, string(text))
	*t = ClassTerm(i)
	return err
}

// MarshalText writes the option's name.
func (p Precision) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the option's name.
func (p *Precision) UnmarshalText(text []byte) error {
	i, err := optionIndex("precision", precisionNames, string(text))
	*p = Precision(i)
	return err
}

func optionName(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("unknown(%d)", i)
	}
	return names[i]
}

func optionIndex(what string, names []string, text string) (int, error) {
	i := slices.Index(names, text)
	if i < 0 {
		return 0, fmt.Errorf("%s %q is not one of %s; name one of them", what, text, strings.Join(names, ", "))
	}
	return i, nil
}
