package hub

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// facts are what the hub says about a file before it is fetched.
type facts struct {
	size   int64
	sha256 string // "" where the hub gives none: small files outside LFS
	commit string
}

// maxFileBytes bounds what is fetched; the largest model here takes 1.2 GB.
const maxFileBytes = 64 << 30

var (
	sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)
	commitText = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
)

// facts asks for length and hash. Only X-Linked-ETag is a SHA-256; a plain ETag
// is whatever the server likes.
func (c *Client) facts(ctx context.Context, r Reference) (f facts, err error) {
	err = c.again(ctx, func() (pause time.Duration, err error) {
		f, pause, err = c.askFacts(ctx, r)
		return pause, err
	})
	return f, err
}

func (c *Client) askFacts(ctx context.Context, r Reference) (f facts, pause time.Duration, err error) {
	linked := func(h http.Header) bool { return h.Get("X-Linked-Size") != "" || h.Get("X-Linked-Etag") != "" }
	ctx, alive, done := c.watch(ctx)
	defer done()
	response, err := c.request(ctx, question{method: http.MethodHead, file: r, enough: linked})
	if err != nil {
		return f, 0, err
	}
	response.Body.Close()
	alive()
	fail := func(fault *Fault) (facts, time.Duration, error) {
		fault.File, fault.Host = r.String(), response.Request.URL.Host
		return f, retryAfter(response), fault
	}
	f.size = response.ContentLength
	if text := response.Header.Get("X-Linked-Size"); text != "" {
		if f.size, err = strconv.ParseInt(text, 10, 64); err != nil {
			f.size = -1
		}
	} else if response.StatusCode != http.StatusOK {
		return fail(statusFault(response))
	}
	if f.size < 0 || f.size > maxFileBytes {
		return fail(&Fault{Found: "no length or an impossible one", Expected: "the length of the file in bytes", Next: "the server does not speak as the hub does: check HF_ENDPOINT"})
	}
	if text := strings.Trim(strings.TrimPrefix(response.Header.Get("X-Linked-Etag"), "W/"), `"`); sha256Text.MatchString(text) {
		f.sha256 = text
	}
	if commit := response.Header.Get("X-Repo-Commit"); commitText.MatchString(commit) {
		f.commit = commit
	}
	return f, 0, nil
}
