//go:build !linux

package main

import (
	"context"
	"errors"
	"net"
)

// listenLoopback needs Linux, where every address of 127.0.0.0/8 is this host.
func listenLoopback(context.Context) (net.Listener, error) {
	return nil, errors.New("a host for each feed, and figures from /proc, need Linux")
}
