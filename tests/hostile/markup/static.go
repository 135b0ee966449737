package markup

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Policy is what every page says of itself: no script, no network, no frame, no
// form, even where a fault of ours let markup through.
const Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

var banned = strings.Fields("script iframe frame frameset object embed applet form button input select textarea link base " +
	"video audio source track portal template slot dialog marquee foreignobject use animate set math noscript")

// ours are where an image may come from: out of the page itself.
var ours = []string{"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/svg+xml;base64,"}

// Banned lists what a page must not have: script, handlers, frames, forms,
// buttons, addresses that leave the disk. A link may lead to a place of the page
// or to what lies beside it.
func Banned(page string) (faults []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(banned, n.Data) {
			faults = append(faults, "element "+n.Data)
		}
		for _, a := range n.Attr {
			if what := bannedAttribute(n, a); what != "" {
				faults = append(faults, fmt.Sprintf("%s: %s=%.80q", what, a.Key, a.Val))
			}
		}
		if n.Data == "style" && n.FirstChild != nil && loads.MatchString(n.FirstChild.Data) {
			faults = append(faults, "style sheet that loads something")
		}
	}
	return faults
}

// loads is a style that fetches or computes.
var loads = regexp.MustCompile(`(?i)url\s*\(|@import|expression\s*\(|image-set|-moz-binding|behavior\s*:`)

func bannedAttribute(n *html.Node, a html.Attribute) string {
	value := strings.ToLower(a.Val)
	switch {
	case strings.HasPrefix(a.Key, "on"):
		return "handler"
	case slices.Contains([]string{"srcdoc", "srcset", "action", "formaction", "ping", "background", "poster", "xlink:href", "is", "nonce", "target", "download"}, a.Key) ||
		strings.HasPrefix(a.Key, "data-") && a.Key != "data-mime-type":
		return "attribute"
	case a.Key == "http-equiv" && value != "content-security-policy":
		return "order to the browser"
	case a.Key == "href" && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "./"):
		return "link that may leave the folder"
	case a.Key == "src" && !slices.ContainsFunc(ours, func(prefix string) bool { return strings.HasPrefix(value, prefix) }):
		return "image from elsewhere"
	case a.Key == "style" && loads.MatchString(value):
		return "style that loads something"
	}
	return ""
}

// Policies are the content policies that a page states.
func Policies(page string) (found []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy" {
			found = append(found, attribute(n, "content"))
		}
	}
	return found
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
