package httpget

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"
)

// accepts names, by kind of request, the media types that are wanted.
var accepts = map[string]string{
	"feed":   "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1",
	"page":   "text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.7, */*;q=0.1",
	"robots": "text/plain, */*;q=0.1",
}

// Client fetches URLs. It keeps no cookies and sends no referrer. It is safe for
// concurrent use.
type Client struct {
	cfg       Config
	guard     guard
	transport *http.Transport
	// configErr is what is wrong with the configuration; every Get gives it.
	configErr error
}

// New makes a Client.
func New(cfg Config) *Client {
	cfg = cfg.withDefaults()
	c := &Client{cfg: cfg, guard: guard{
		allowPrivate: cfg.AllowPrivate,
		allowHosts:   make(map[string]bool, len(cfg.AllowHosts)),
		allowPort:    cfg.AllowPort,
	}}
	for _, h := range cfg.AllowHosts {
		c.guard.allowHosts[strings.ToLower(h)] = true
	}
	c.transport = &http.Transport{
		DialContext:            c.dial,
		TLSClientConfig:        &tls.Config{RootCAs: cfg.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    cfg.DialTimeout,
		ResponseHeaderTimeout:  cfg.HeaderTimeout,
		MaxResponseHeaderBytes: cfg.MaxHeaderBytes,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        60 * time.Second,
	}
	if cfg.Proxy != "" {
		c.setProxy(cfg.Proxy)
	}
	return c
}

var errProxy = errors.New("the proxy is no URL")

// setProxy sends all requests through a proxy, whose own address is not guarded.
func (c *Client) setProxy(proxy string) {
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" {
		c.configErr = fmt.Errorf("%w; give one such as http://proxy.example:3128", errProxy)
		return
	}
	c.transport.Proxy = http.ProxyURL(u)
	dialer := net.Dialer{Timeout: c.cfg.DialTimeout, Resolver: c.cfg.Resolver}
	c.transport.DialContext = dialer.DialContext
}

// dial connects to a guarded address.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		Timeout:  c.cfg.DialTimeout,
		Resolver: c.cfg.Resolver,
		Control:  c.guard.control(address),
	}
	return d.DialContext(ctx, network, address)
}

// Close closes idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Get fetches a URL and follows redirects. A status other than 2xx is not an error;
// errors have a Class. The whole of it ends by the configured deadline.
func (c *Client) Get(ctx context.Context, req Request) (*Response, error) {
	return c.send(ctx, req, get)
}

// send makes a request with a method and follows redirects.
func (c *Client) send(ctx context.Context, req Request, m method) (*Response, error) {
	if c.configErr != nil {
		return nil, c.configErr
	}
	start := c.cfg.Now()
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()

	var hops []Redirect
	for at := req.URL; ; {
		target, err := c.target(at)
		if err != nil {
			return nil, err
		}
		if err := m.mayGo(hops, target); err != nil {
			return nil, fmt.Errorf("%s %s: %w", m.verb, target.Host, err)
		}
		res, err := c.once(ctx, target, req, m, sameOrigin(req.URL, target.String()))
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", m.verb, target.Host, err)
		}
		next := m.location(res, target)
		if next == "" {
			why := m.complaint(res)
			out, err := c.finish(res, target.String(), req)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", m.verb, target.Host, err)
			}
			if why != nil {
				out.Body = why
			}
			out.Redirects = hops
			out.Duration = c.cfg.Now().Sub(start)
			return out, nil
		}
		_ = res.Body.Close()
		if len(hops) >= c.cfg.MaxRedirects {
			return nil, fmt.Errorf("%s %s: %w", m.verb, target.Host, &TooManyRedirects{Hops: len(hops)})
		}
		hops = append(hops, Redirect{From: target.String(), To: next, Status: res.StatusCode})
		at = next
	}
}

// target checks a URL before anything is dialled.
func (c *Client) target(raw string) (*url.URL, error) {
	clean, err := urlnorm.Resolve("", raw)
	if err != nil {
		if u, perr := url.Parse(strings.TrimSpace(raw)); perr == nil && u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
			return nil, &Blocked{Place: cleanText(u.Scheme) + ":", Reason: "not http or https", class: "scheme"}
		}
		return nil, err
	}
	u, err := url.Parse(clean)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", clean, err)
	}
	u.Fragment, u.RawFragment = "", ""
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u, c.guard.checkHost(u.Hostname(), port)
}

// fixedHeaders are not the caller's to set.
var fixedHeaders = map[string]bool{
	"Accept-Encoding": true, "Connection": true, "Content-Length": true, "Cookie": true, "Host": true,
	"Proxy-Connection": true, "Referer": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

// once sends one request. Headers of the caller's own, which may hold keys, go to the
// origin of the requested URL only (own). The validators go along with every hop,
// since they are those of the answer at the end of the chain.
func (c *Client) once(ctx context.Context, target *url.URL, req Request, m method, own bool) (*http.Response, error) {
	h := http.Header{
		"User-Agent":      {c.cfg.UserAgent},
		"Accept-Encoding": {acceptEncoding},
	}
	accept := req.Accept
	if accept == "" {
		accept = accepts[req.Kind]
	}
	if accept != "" {
		h.Set("Accept", accept)
	}
	if own {
		for name, value := range req.Header {
			if name = http.CanonicalHeaderKey(name); !fixedHeaders[name] {
				h.Set(name, value)
			}
		}
	}
	if v := validator(req.ETag); v != "" {
		h.Set("If-None-Match", v)
	}
	if v := validator(req.LastModified); v != "" {
		h.Set("If-Modified-Since", v)
	}
	r := &http.Request{Method: http.MethodGet, URL: target, Host: target.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	m.fill(r)
	r = r.WithContext(ctx)
	res, err := c.transport.RoundTrip(r)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, badResponse(err)
	}
	return res, nil
}

// location gives where a response redirects to, without userinfo; empty if it does
// not redirect.
func (m method) location(res *http.Response, from *url.URL) string {
	if !slices.Contains(m.redirects, res.StatusCode) {
		return ""
	}
	to := res.Header.Get("Location")
	if to == "" {
		return ""
	}
	if abs, err := urlnorm.Resolve(from.String(), to); err == nil {
		return abs
	}
	return to
}

// finish reads the body and gives the response. It closes the body.
func (c *Client) finish(res *http.Response, finalURL string, req Request) (*Response, error) {
	defer res.Body.Close()
	out := &Response{
		FinalURL:     finalURL,
		Status:       res.StatusCode,
		Header:       cleanHeader(res.Header),
		ETag:         validator(res.Header.Get("Etag")),
		LastModified: validator(res.Header.Get("Last-Modified")),
	}
	out.ContentType, out.Charset = mediaType(out.Header.Get("Content-Type"))
	if res.StatusCode >= 400 {
		out.RetryAfter = ParseRetryAfter(out.Header.Get("Retry-After"), c.cfg.Now())
	}
	if res.StatusCode == http.StatusNotModified {
		if validator(req.ETag) == "" && validator(req.LastModified) == "" {
			return nil, &BadResponse{Reason: "304 to a request without conditions"}
		}
		out.NotModified = true
		return out, nil
	}
	limit := c.cfg.MaxBytes
	if res.StatusCode < 200 || res.StatusCode > 299 {
		drain(res)
		return out, nil
	}
	if res.ContentLength > limit {
		return nil, &TooLarge{Limit: limit}
	}
	body, err := ReadBody(res.Body, res.Header.Values("Content-Encoding"), limit)
	if err != nil {
		return nil, badResponse(err)
	}
	out.Body = body
	return out, nil
}

// drain reads a small error page, so that its connection can be used again. A large one
// costs less when the connection is closed.
func drain(res *http.Response) {
	const small = 64 << 10
	if res.ContentLength >= 0 && res.ContentLength <= small {
		_, _ = io.CopyN(io.Discard, res.Body, small)
	}
}

// sameOrigin tells whether two URLs have the same scheme, host and port.
func sameOrigin(a, b string) bool {
	origin := func(s string) string {
		s, err := urlnorm.Resolve("", s)
		if err != nil {
			return ""
		}
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		return u.Scheme + "://" + u.Host
	}
	oa := origin(a)
	return oa != "" && oa == origin(b)
}
