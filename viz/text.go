package viz

import (
	"math"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/internal/foreign"
)

// clean makes foreign text safe to look at; escaping is html/template's work.
func clean(s string) string { return foreign.Text(s) }

// elide shortens s to at most n runes, the middle left out: both ends of a file
// name or class tell more than its beginning alone.
func elide(s string, n int) string {
	runes := []rune(clean(s))
	if len(runes) <= n || n < 3 {
		return string(runes)
	}
	head := (n - 1 + 1) / 2
	return string(runes[:head]) + "…" + string(runes[len(runes)-(n-1-head):])
}

const missingText = "–"

// number writes v with a true minus sign; what is no number is said in words.
func number(v float64, decimals int) string {
	switch {
	case math.IsNaN(v):
		return missingText
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.HasPrefix(s, "-") {
		if strings.Trim(s, "-0.") == "" { // -0.04 at one digit is 0.0, not −0.0
			return s[1:]
		}
		return "−" + s[1:]
	}
	return s
}

// signed is number with a plus sign before what is above zero as written.
func signed(v float64, decimals int) string {
	s := number(v, decimals)
	if v > 0 && strings.Trim(s, "0.") != "" {
		return "+" + s
	}
	return s
}

// short writes a value of unknown size in about four digits: 0.0123, 1.28, 41.5, 3210, 1.2e-05.
func short(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0) || v == 0:
		return number(v, 0)
	case a >= 1e6 || a < 1e-3:
		return strings.Replace(strconv.FormatFloat(v, 'e', 1, 64), "-", "−", -1)
	case a >= 1000:
		return number(v, 0)
	case a >= 10:
		return number(v, 1)
	case a >= 0.1:
		return number(v, 3)
	}
	return number(v, 4)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
