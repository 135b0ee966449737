package foreign

import "testing"

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"heart 3/4 <b>":          "heart 3/4 <b>",
		"Mädchen 名 \u200d":       "Mädchen 名 \u200d",
		"a\u202egnp.exe\u2066":   `a\u202egnp.exe\u2066`,
		"\x1b[31m\x00\x7f\x9b":   `\u001b[31m\u0000\u007f\x9b`,
		"two\nlines\tand\u2028s": "two lines and s",
		"\xff\xfe\uffff\ufffd":   `\xff\xfe\uffff` + "\ufffd",
		"\u200bb\ufeff":          `\u200bb\ufeff`,
		"\U000e0041 tagged":      `\ue0041 tagged`,
	} {
		if got := Text(text); got != want {
			t.Errorf("%q becomes %q, expected %q", text, got, want)
		}
	}
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"val": "val", "a-b": "a-b", "": "", "a=b": "a=b", "x; y": "x; y",
		`=HYPERLINK("http://x")`: `'=HYPERLINK("http://x")`, "+1": "'+1", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": " '=1", "\r\n=1": "  '=1", "\x00=1": `\u0000=1`, "＝1": "'＝1", "a;=1": "a;'=1", "'=1": "'=1",
	} {
		if got := Cell(text); got != want {
			t.Errorf("%q becomes %q, expected %q", text, got, want)
		}
	}
}
