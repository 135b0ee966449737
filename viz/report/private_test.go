package report

import "testing"

func TestPrivate(t *testing.T) {
	t.Setenv("HOME", "/srv/eva")
	for text, want := range map[string]string{
		"/home/ana/runs/ours/weights.safetensors":              "…/ours/weights.safetensors",
		"/home/ana/x.png":                                      "…/x.png",
		"/home/ana":                                            "~",
		"/Users/ana/x.png":                                     "…/x.png",
		`C:\Users\ana\photos\a.jpg`:                            "…/photos/a.jpg",
		"/root/runs":                                           "…/runs",
		"/mnt/disk/data/imagenet":                              "…/data/imagenet",
		"open /home/ana/runs/a/log.jsonl: no such file":        "open …/a/log.jsonl: no such file",
		`model "/home/ana/m.bin" of /home/ana/runs/b/c.png`:    `model "…/m.bin" of …/b/c.png`,
		"/home/Ana Maria Muster/my runs/x/weights.safetensors": "…/x/weights.safetensors",
		"/home/Ana Muster":                                     "~",
		`inspect image "/home/Ana Muster/a b.png": no image`:   `inspect image "…/a b.png": no image`,
		"open /home/Ana Muster/runs/a/log.jsonl: no such file": "open …/a/log.jsonl: no such file",
		"from /home/ana and /home/bob/x":                       "from ~ and …/x",
		"see file:///home/ana/runs/a.html":                     "see file://…/runs/a.html",
		`a,/home/ana/x;/home/ana/y {/home/ana/z}`:              "a,…/x;…/y {…/z}",
		`\\host\share\ana\x.png`:                               "…/ana/x.png",
		"/srv/people/eva/runs/x":                               "…/runs/x",
		"/srv/eva":                                             "~",
		"demo:vit":                                             "demo:vit",
		"runs/ours/weights.safetensors":                        "runs/ours/weights.safetensors",
		"https://example.org/home/ana/a":                       "https://example.org/home/ana/a",
		"hub:timm/vit_base":                                    "hub:timm/vit_base",
		"linux/amd64, 3 / 4 and/or </b>":                       "linux/amd64, 3 / 4 and/or </b>",
		"0.8 × (background)/2, SI-loc./2 ":                     "0.8 × (background)/2, SI-loc./2 ",
	} {
		if got := private(text); got != want {
			t.Errorf("%q becomes %q, expected %q", text, got, want)
		}
	}
	if got := privateOutside("read ../a/log.jsonl", "."); got != "read ../a/log.jsonl" {
		t.Errorf("got %q", got)
	}
	if got, want := privateOutside("read /home/ana/runs/a/log.jsonl, line 2", "/home/ana/runs/"), "read a/log.jsonl, line 2"; got != want {
		t.Errorf("got %q, expected %q", got, want)
	}
}
