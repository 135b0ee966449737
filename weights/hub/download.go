package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// watch cancels the context when nothing was heard for the client's patience;
// alive starts the time anew.
func (c *Client) watch(parent context.Context) (ctx context.Context, alive, done func()) {
	ctx, cancel := context.WithCancelCause(parent)
	timer := time.AfterFunc(c.Stall, func() { cancel(errStall) })
	return ctx, func() { timer.Reset(c.Stall) }, func() { timer.Stop(); cancel(nil) }
}

// again repeats an attempt that a fault of network or server ended, a bounded
// number of times. An attempt says how long the server wants to be left alone.
func (c *Client) again(ctx context.Context, attempt func() (time.Duration, error)) error {
	wait := c.Wait
	for try := 1; ; try++ {
		pause, err := attempt()
		fault, ok := errors.AsType[*Fault](err)
		if !ok || !fault.retry {
			return err
		}
		if try >= c.Tries {
			fault.Found += fmt.Sprintf(" (%d tries)", try)
			return fault
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(min(max(wait, pause), maxWait)):
			wait *= 2
		}
	}
}

// download fills part up to size bytes, each time from the last byte received.
func (c *Client) download(ctx context.Context, r Reference, part *os.File, size int64) error {
	return c.again(ctx, func() (time.Duration, error) {
		at, err := part.Seek(0, io.SeekEnd)
		if err != nil {
			return 0, diskFault("read", part.Name(), err)
		}
		if at == size && size > 0 {
			return 0, nil
		}
		pause, err := c.attempt(ctx, piece{r, part, at, size})
		if fault, ok := errors.AsType[*Fault](err); ok && fault.retry && fault.lost {
			if err := part.Truncate(0); err != nil {
				return 0, diskFault("empty", part.Name(), err)
			}
		}
		return pause, err
	})
}

// piece is what is missing of a file: the bytes from at to size.
type piece struct {
	file     Reference
	part     *os.File
	at, size int64
}

// attempt asks for the missing bytes and appends them. pause is how long the
// server wants to be left alone.
func (c *Client) attempt(parent context.Context, p piece) (pause time.Duration, err error) {
	ctx, alive, done := c.watch(parent)
	defer done()
	q := question{method: http.MethodGet, file: p.file}
	if p.at > 0 {
		q.ranges = fmt.Sprintf("bytes=%d-", p.at)
	}
	response, err := c.request(ctx, q)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	fault := placement(response, p.at, p.size)
	if fault == nil && response.StatusCode == http.StatusOK && p.at > 0 { // the server knows no ranges
		if p.at, err = 0, p.part.Truncate(0); err != nil {
			return 0, diskFault("empty", p.part.Name(), err)
		}
	}
	if fault == nil {
		body := &stream{Reader: response.Body, alive: alive}
		fault, err = c.append(ctx, p, body)
	}
	if fault == nil || err != nil {
		return 0, err
	}
	fault.File, fault.Host = p.file.String(), response.Request.URL.Host
	return retryAfter(response), fault
}

// retryAfter is 0 where the server does not say.
func retryAfter(response *http.Response) time.Duration {
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return time.Duration(max(0, min(seconds, 3600))) * time.Second
}

// placement checks that the answer is the file from byte at on, of this size.
func placement(response *http.Response, at, size int64) *Fault {
	switch response.StatusCode {
	case http.StatusOK:
		if n := response.ContentLength; n >= 0 && n != size {
			return lied(fmt.Sprintf("a file of %d bytes", n), size)
		}
		return nil
	case http.StatusPartialContent:
		want := fmt.Sprintf("bytes %d-%d/", at, size-1)
		got := response.Header.Get("Content-Range")
		if rest, ok := strings.CutPrefix(got, want); !ok || rest != "*" && rest != strconv.FormatInt(size, 10) {
			return lied(fmt.Sprintf("the range %.60q", got), size)
		}
		return nil
	case http.StatusRequestedRangeNotSatisfiable:
		return &Fault{Found: "a refusal to go on from byte " + strconv.FormatInt(at, 10), Expected: "the rest of the file", Next: "run the command again", retry: true, lost: true}
	}
	return statusFault(response)
}

// lied is the fault of a server that contradicts itself.
func lied(found string, size int64) *Fault {
	return &Fault{Found: found, Expected: fmt.Sprintf("%d bytes as announced", size), Next: "the file changed on the server or was altered on the way: run the command again, and check HF_ENDPOINT", lost: true}
}

// stream reports every byte that arrives.
type stream struct {
	io.Reader
	alive func()
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if n > 0 {
		s.alive()
	}
	return n, err
}

// append writes the body to the end of the part, no byte more than is missing.
func (c *Client) append(ctx context.Context, p piece, body io.Reader) (*Fault, error) {
	if _, err := p.part.Seek(p.at, io.SeekStart); err != nil {
		return nil, diskFault("write", p.part.Name(), err)
	}
	buffer := make([]byte, 1<<18)
	for {
		n, err := body.Read(buffer)
		if p.at+int64(n) > p.size {
			return lied("more bytes", p.size), nil
		}
		if _, failed := p.part.Write(buffer[:n]); failed != nil {
			return nil, diskFault("write", p.part.Name(), failed)
		}
		p.at += int64(n)
		if c.Progress != nil {
			c.Progress(p.file.File, p.at, p.size)
		}
		switch {
		case err == nil:
		case p.at == p.size && errors.Is(err, io.EOF):
			return nil, nil
		case context.Cause(ctx) != nil && context.Cause(ctx) != errStall:
			return nil, context.Cause(ctx)
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return &Fault{Found: fmt.Sprintf("an end after %d bytes", p.at), Expected: fmt.Sprintf("%d", p.size), Next: "run the command again: it goes on where it stopped", retry: true}, nil
		default:
			fault := networkFault(ctx, err)
			fault.Found += fmt.Sprintf(" after %d bytes", p.at)
			return fault, nil
		}
	}
}
