package hub

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// question is a request for a file or what is known of it.
type question struct {
	method string
	file   Reference
	ranges string // of a Range header, or ""
	// enough, if set, takes a redirect's headers for the answer.
	enough func(http.Header) bool
}

// request sends a request and follows redirects by hand: the token goes to the
// endpoint's own scheme and host only, never to a content server, and nothing
// goes from https to http. The caller closes the body.
func (c *Client) request(ctx context.Context, q question) (*http.Response, error) {
	target := c.address(q.file)
	fail := func(f *Fault) (*http.Response, error) {
		f.File, f.Host = q.file.String(), target.Host
		return nil, f
	}
	for range maxRedirects + 1 {
		request := c.one(ctx, q, target)
		response, err := c.http.Do(request)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil && cause != errStall {
				return nil, cause
			}
			return fail(networkFault(ctx, err))
		}
		if !redirects(response.StatusCode) || q.enough != nil && q.enough(response.Header) {
			return response, nil
		}
		response.Body.Close()
		next, err := target.Parse(response.Header.Get("Location"))
		if err != nil || response.Header.Get("Location") == "" || next.Host == "" || next.User != nil || !allowed(target, next) {
			return fail(&Fault{Found: "a redirect to no address that may be followed", Expected: "one over https", Next: "the server does not speak as the hub does: check HF_ENDPOINT"})
		}
		target = next
	}
	return fail(&Fault{Found: "redirects without end", Expected: "at most " + strconv.Itoa(maxRedirects), Next: "the server does not speak as the hub does: check HF_ENDPOINT"})
}

// one is the request to one address.
func (c *Client) one(ctx context.Context, q question, target *url.URL) *http.Request {
	request := (&http.Request{Method: q.method, URL: target, Header: http.Header{}}).WithContext(ctx)
	request.Header.Set("Accept-Encoding", "identity") // lengths must be those of the file
	request.Header.Set("User-Agent", "robustvit")
	if q.ranges != "" {
		request.Header.Set("Range", q.ranges)
	}
	if c.Token != "" && target.Scheme == c.host.Scheme && target.Host == c.host.Host {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	return request
}

func redirects(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// allowed says whether a redirect keeps or gains encryption.
func allowed(from, to *url.URL) bool {
	return to.Scheme == "https" || to.Scheme == "http" && from.Scheme == "http"
}
