package httpget

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
)

// Form is one POST of a form.
type Form struct {
	// URL is an absolute http(s) URL without userinfo.
	URL string
	// Values are sent as application/x-www-form-urlencoded, in UTF-8.
	Values url.Values
}

// Post sends a form and follows redirects within the same guards and limits as Get.
// The form is sent again on 307 and 308, as RFC 9110, sections 15.4.8 and 15.4.9,
// says, and on 301 and 302, where older hubs mean the same; 303 is an answer like any
// other. Since a form may hold a secret, a redirect from https to http is an error. The
// Body of an answer of status 4xx or 5xx is what it says, if that is short.
func (c *Client) Post(ctx context.Context, form Form) (*Response, error) {
	body := []byte(form.Values.Encode())
	return c.send(ctx, Request{URL: form.URL}, method{verb: "post", form: body, redirects: formRedirects})
}

// method is how requests are made and which redirects they follow.
type method struct {
	// verb stands in errors.
	verb string
	// form is what is posted; nil for a GET.
	form []byte
	// redirects are the statuses that are followed.
	redirects []int
}

var (
	get           = method{verb: "get", redirects: append([]int{http.StatusSeeOther}, formRedirects...)}
	formRedirects = []int{
		http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
	}
)

// fill makes a request one of this method.
func (m method) fill(r *http.Request) {
	if m.form == nil {
		return
	}
	r.Method = http.MethodPost
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.ContentLength = int64(len(m.form))
	// A connection that was closed while idle is found out by the next request on it.
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.form)), nil }
	r.Body = io.NopCloser(bytes.NewReader(m.form))
}

// mayGo refuses to send a form that came by https on to http.
func (m method) mayGo(hops []Redirect, target *url.URL) error {
	if m.form == nil || len(hops) == 0 || target.Scheme == "https" {
		return nil
	}
	if from, err := url.Parse(hops[len(hops)-1].From); err == nil && from.Scheme == "http" {
		return nil
	}
	return &Blocked{Place: target.Host, Reason: "a form is not sent on from https to http", class: "scheme"}
}

// maxComplaint is the longest answer of status 4xx or 5xx, in bytes, that is kept.
const maxComplaint = 4 << 10

// complaint reads why a form was refused; empty where it is no short text.
func (m method) complaint(res *http.Response) []byte {
	if m.form == nil || res.StatusCode < 400 {
		return nil
	}
	text, err := ReadBody(res.Body, res.Header.Values("Content-Encoding"), maxComplaint)
	if err != nil {
		return nil
	}
	return text
}
