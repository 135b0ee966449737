// Package markup has the texts that would do something if a page took them for
// markup, and says what a page is made of, so that tests can tell whether one did.
package markup

import (
	"strings"

	"github.com/robustvit/workbench/internal/foreign"
)

// Texts are what the name of a class, file, folder, model, mask or data set must
// never do to a page.
var Texts = []string{
	`<script>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`,
	`<svg><script href="data:,alert(1)"/></svg>`,
	`"><script>alert(1)</script>`,
	`' onmouseover='alert(1)`,
	`" onfocus="alert(1)" autofocus="`,
	`javascript:alert(1)`,
	`<a href="javascript:alert(1)">x</a>`,
	`<iframe src="https://example.com"></iframe>`,
	`<button data-commandlinker-command="terminal:create-new">x</button>`,
	`<form action="https://example.com"><input type=submit></form>`,
	`<link rel=stylesheet href="https://example.com/x.css">`,
	`<meta http-equiv=refresh content="0;url=https://example.com">`,
	`<base href="https://example.com/">`,
	`</style><script>alert(1)</script>`,
	`</title></figure></table></svg><script>alert(1)</script>`,
	`{{.Title}}{{template "report" .}}{{printf "%s" "<b>"}}`,
	"`${alert(1)}`",
	`&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;b&#x3e;`,
	`expression(alert(1));}body{background:url(https://example.com)}`,
	"a\u202egnp.exe\u2066\u200bb",
	"\x00\x1b[31m\x07\x1b]8;;https://example.com\x07\xff\xfe]]>",
	`<!--><script>alert(1)</script--> <![CDATA[<b>]]> <?php ?>`,
}

// Harmless is a text as long and as wide as the one given, of letters: a page
// that holds it must be built like one that holds the other.
func Harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == ' ' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			return r
		case strings.ContainsRune(".,:;'|!()[]", r): // as narrow
			return 'i'
		}
		return 'n'
	}, foreign.Text(text))
}
