package main

import (
	"context"
	"fmt"
	"net"
	"syscall"
)

// listenLoopback listens on all addresses of 127.0.0.0/8, and on no other: the
// socket is bound to the loopback device.
func listenLoopback(ctx context.Context) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, conn syscall.RawConn) error {
		var bound error
		if err := conn.Control(func(fd uintptr) { bound = syscall.BindToDevice(int(fd), "lo") }); err != nil {
			return err
		}
		return bound
	}}
	listener, err := config.Listen(ctx, "tcp4", ":0")
	if err != nil {
		return nil, fmt.Errorf("listen on the loopback device: %w", err)
	}
	return listener, nil
}
