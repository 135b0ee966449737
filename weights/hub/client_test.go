package hub

import (
	"net/url"
	"testing"
)

func TestEnvironment(t *testing.T) {
	t.Setenv("HF_ENDPOINT", "https://mirror.example")
	t.Setenv("HF_TOKEN", " abc\n")
	t.Setenv("HF_HUB_OFFLINE", "1")
	if c := FromEnvironment(); c.Endpoint != "https://mirror.example" || c.Token != "abc" || !c.Offline {
		t.Errorf("%+v", c)
	}
}

func TestNoRedirectLosesEncryption(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"https://a", "https://b", true}, {"http://a", "https://b", true}, {"http://a", "http://b", true},
		{"https://a", "http://a", false}, {"https://a", "ftp://a", false}, {"http://a", "file:///a", false},
	} {
		from, err1 := url.Parse(c.from)
		to, err2 := url.Parse(c.to)
		if err1 != nil || err2 != nil || allowed(from, to) != c.want {
			t.Errorf("from %s to %s: allowed is %v", c.from, c.to, !c.want)
		}
	}
}
