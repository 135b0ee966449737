package hub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/robustvit/workbench/internal/whole"
)

// Fault is the error of a download: which file, from which host, what was found
// and expected, what to do next. Addresses are left out: those of content
// servers carry signatures.
type Fault struct {
	File     string // as Parse reads it
	Host     string
	Found    string
	Expected string
	Next     string

	retry bool // another try may help
	lost  bool // what was received so far is worth nothing
	code  int  // HTTP status, 0 for others
}

// Error puts the fault into one line.
func (f *Fault) Error() string {
	return fmt.Sprintf("fetch %s from %s: found %s, expected %s; %s", f.File, f.Host, f.Found, f.Expected, f.Next)
}

// statusFault is the fault of an answer that is not the file.
func statusFault(response *http.Response) *Fault {
	f := &Fault{code: response.StatusCode, Found: fmt.Sprintf("%d %s", response.StatusCode, http.StatusText(response.StatusCode)), Expected: "the file"}
	switch code := response.StatusCode; {
	case code == http.StatusUnauthorized:
		f.Next = "there is no such repository, or it is private: check the name, or set HF_TOKEN to a token that may read it"
	case code == http.StatusForbidden:
		f.Next = "the token may not read it: accept the model's terms on its page and set HF_TOKEN"
	case code == http.StatusNotFound:
		f.Next = "there is no such file: look at the repository's list of files and name one as owner/repo:FILE"
	case code == http.StatusTooManyRequests:
		f.Next, f.retry = "the server limits requests: run the command again in some minutes, or set HF_TOKEN", true
	case code == http.StatusRequestTimeout || code >= 500:
		f.Next, f.retry = "the server has a fault of its own: run the command again later, it goes on where it stopped", true
	default:
		f.Next = "the server does not speak as the hub does: check HF_ENDPOINT"
	}
	return f
}

var errStall = errors.New("no byte for too long")

// networkFault puts the errors of net/http into words; the address, which they repeat, is dropped.
func networkFault(ctx context.Context, err error) *Fault {
	f := &Fault{Expected: "an answer", Next: "check the network, a proxy (HTTPS_PROXY) and HF_ENDPOINT, or fetch the file on another machine and copy it here", retry: true}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	_, isDNS := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(context.Cause(ctx), errStall):
		f.Found = errStall.Error()
	case isDNS:
		f.Found, f.retry = "no such host, or no network", false
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		f.Found, f.retry = "no connection ("+lastError(err).Error()+")", false
	default:
		f.Found = "a broken connection (" + reason(err) + ")"
	}
	return f
}

// mostReason bounds what a server can put into an error.
const mostReason = 200

// reason is the innermost error's text without the address of a redirect, which
// it quotes.
func reason(err error) string {
	text := lastError(err).Error()
	if strings.Contains(text, "Location header") {
		return "a redirect to what is no address"
	}
	if len(text) > mostReason {
		return fmt.Sprintf("%.*q...", mostReason, text)
	}
	return text
}

// lastError is the innermost error: the outer ones repeat addresses.
func lastError(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// diskFault is a fault of this machine's file system.
func diskFault(step, path string, err error) error {
	if fault, ok := errors.AsType[*os.PathError](err); ok {
		err = fault.Err
	}
	return fmt.Errorf("fetch: %s %q: %w%s; --out takes another folder", step, path, err, whole.Next(err))
}
