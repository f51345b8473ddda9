package httpget_test

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/dateline-news/dateline/services/fetcher/internal/httpget"
)

func TestAddressesRefused(t *testing.T) {
	t.Parallel()
	strict := httpget.New(httpget.Config{})
	private := httpget.New(httpget.Config{AllowPrivate: true})
	for host, either := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "172.31.0.1": false, "192.168.0.1": false, "100.64.0.1": false,
		"[::1]": false, "[fd00::1]": false, "[::ffff:10.0.0.1]": false, "127.1": false, "0177.0.0.1": false,
		"0.0.0.0": true, "169.254.169.254": true, "224.0.0.1": true, "255.255.255.255": true, "192.0.2.1": true,
		"198.18.0.1": true, "198.51.100.7": true, "203.0.113.9": true, "[::]": true, "[fe80::1]": true, "[ff02::1]": true,
		"[2001:db8::1]": true, "[64:ff9b::10.0.0.1]": true, "[64:ff9b:1::1]": true, "[2002:7f00:1::]": true,
		"[2001:0:1::1]": true, "[::7f00:1]": true, "[::ffff:0:7f00:1]": true, "[fec0::1]": true,
	} {
		_, err := strict.Get(context.Background(), httpget.Request{URL: "http://" + host + ":8080/"})
		var b *httpget.Blocked
		require.ErrorAs(t, err, &b, host)
		require.NotEmpty(t, b.Reason)
		require.Equal(t, "private", httpget.Class(err), host)
		if either {
			_, err = private.Get(context.Background(), httpget.Request{URL: "http://" + host + ":8080/"})
			require.ErrorAs(t, err, &b, host)
		}
	}
}

func TestPorts(t *testing.T) {
	t.Parallel()
	for port, ok := range map[int]bool{80: true, 443: true, 8080: true, 8443: true, 3000: true, 22: false, 25: false, 4222: false, 6379: false, 0: false, 70000: false} {
		require.Equal(t, ok, httpget.DefaultPort(port), port)
	}
	_, err := httpget.New(httpget.Config{}).Get(context.Background(), httpget.Request{URL: "http://example.org:25/"})
	require.Equal(t, "port", httpget.Class(err))
	_, err = httpget.New(httpget.Config{AllowPort: func(p int) bool { return p == 443 }}).
		Get(context.Background(), httpget.Request{URL: "http://example.org/"})
	require.Equal(t, "port", httpget.Class(err))
}

// nameServer answers every question for an A record with the next of the addresses,
// the last one for ever, and counts the questions.
func nameServer(t *testing.T, addrs ...string) (*net.Resolver, *atomic.Int32) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	var asked atomic.Int32
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				i := min(int(asked.Add(1))-1, len(addrs)-1)
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(addrs[i]).As4()},
				}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}, &asked
}

func TestNamesThatResolveToPrivateAddresses(t *testing.T) {
	t.Parallel()
	resolver, asked := nameServer(t, "127.0.0.1", "10.0.0.1", "169.254.169.254")
	c := httpget.New(httpget.Config{Resolver: resolver})
	defer c.Close()
	for range 3 {
		_, err := c.Get(context.Background(), httpget.Request{URL: "http://rebind.example:8080/"})
		require.Equal(t, "private", httpget.Class(err), "%v", err)
		require.ErrorContains(t, err, "rebind.example")
	}
	require.Equal(t, int32(3), asked.Load(), "each connection checks the address that it looked up itself")
}
