package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// Client says where models come from. The zero value, after complete, asks
// huggingface.co without a token.
type Client struct {
	Endpoint string                               // default https://huggingface.co
	Token    string                               // sent to the endpoint's host alone, printed nowhere
	Offline  bool                                 // refuse to ask the network
	Stall    time.Duration                        // longest silence of a server; default 30 s
	Tries    int                                  // for one file; default 8
	Wait     time.Duration                        // before the second try, doubled each time up to 30 s; default 1 s
	Progress func(file string, done, total int64) // bytes; may be nil

	host *url.URL
	http *http.Client
}

const (
	defaultEndpoint = "https://huggingface.co"
	maxWait         = 30 * time.Second
	maxRedirects    = 10
)

// FromEnvironment is the client that HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE
// describe, as huggingface_hub reads them.
func FromEnvironment() Client {
	offline := strings.ToUpper(os.Getenv("HF_HUB_OFFLINE"))
	return Client{
		Endpoint: os.Getenv("HF_ENDPOINT"), Token: strings.TrimSpace(os.Getenv("HF_TOKEN")),
		Offline: offline == "1" || offline == "TRUE" || offline == "YES" || offline == "ON",
	}
}

// complete checks the client and fills in what is not set.
func (c Client) complete() (*Client, error) {
	if c.Endpoint == "" {
		c.Endpoint = defaultEndpoint
	}
	address, err := url.Parse(strings.TrimRight(c.Endpoint, "/"))
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "" || address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return nil, fmt.Errorf("fetch: the endpoint (HF_ENDPOINT) is no plain address, expected one like %s; correct or unset it", defaultEndpoint)
	}
	if strings.ContainsFunc(c.Token, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r > unicode.MaxASCII }) {
		return nil, fmt.Errorf("fetch: the token (HF_TOKEN) holds white space or characters that no token has; set it again")
	}
	if c.Stall <= 0 {
		c.Stall = 30 * time.Second
	}
	if c.Tries < 1 {
		c.Tries = 8
	}
	if c.Wait <= 0 {
		c.Wait = time.Second
	}
	c.host = address
	c.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &c, nil
}

// Folder is where Fetch keeps a repository's files unless told otherwise: in
// the user's cache folder.
func Folder(r Reference) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("fetch %s: no cache folder: %w; name one with --out", r, err)
	}
	return filepath.Join(cache, "robustvit", "hub", r.folder()), nil
}

// address of a file on the endpoint.
func (c *Client) address(r Reference) *url.URL {
	u := *c.host
	raw := u.EscapedPath() + "/" + r.Repo + "/resolve/" + url.PathEscape(r.Revision)
	for part := range strings.SplitSeq(r.File, "/") {
		raw += "/" + url.PathEscape(part)
	}
	u.RawPath = raw
	u.Path, _ = url.PathUnescape(raw) // it was escaped a line above
	return &u
}
