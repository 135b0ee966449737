package viz_test

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
)

func TestRunCard(t *testing.T) {
	html, err := viz.HTML(viz.RunCard{Kind: "main job", Title: "demo", Path: "a:b/demo/report.html", State: "finished", Facts: []string{"demo:vit on shapes"}, Fragments: []viz.Fragment{nil, viz.Prose{"inside"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<a href="./a:b/demo/report.html">demo</a>`, "✓ finished", "main job", "demo:vit on shapes", "inside"} {
		if !strings.Contains(html, want) {
			t.Errorf("the card lacks %q: %s", want, html)
		}
	}
	html, err = viz.HTML(viz.RunCard{Title: "half", Unfinished: true, State: "step 3"})
	if err != nil || strings.Contains(html, "<a ") || !strings.Contains(html, "◐ step 3") {
		t.Errorf("a run without a page: %v %s", err, html)
	}
	for _, path := range []string{"/etc/passwd", "//host/x"} {
		if _, err := viz.HTML(viz.RunCard{Title: "half", Path: path}); err == nil || !strings.Contains(err.Error(), "half") {
			t.Errorf("path %q gave %v", path, err)
		}
	}
}
