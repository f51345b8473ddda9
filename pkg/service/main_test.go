package service_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dateline-news/dateline/pkg/service"
)

type faultyConfig struct{ error }

func (faultyConfig) WrongUsage() bool { return true }

func TestExitCode(t *testing.T) {
	t.Parallel()
	parse := func(args ...string) error {
		fs := pflag.NewFlagSet("parser", pflag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.Int("workers", 1, "")
		return fs.Parse(args)
	}
	tests := map[string]struct {
		err  error
		want int
	}{
		"nil":             {nil, service.ExitDone},
		"help":            {parse("--help"), service.ExitDone},
		"cancelled":       {fmt.Errorf("consume: %w", context.Canceled), service.ExitDone},
		"signal":          {&service.SignalError{Signal: os.Interrupt}, service.ExitDone},
		"failure":         {errors.New("no broker"), service.ExitFailed},
		"late":            {context.DeadlineExceeded, service.ExitFailed},
		"failed and done": {errors.Join(context.Canceled, errors.New("flush failed")), service.ExitFailed},
		"usage":           {fmt.Errorf("submit: %w", service.Usagef("no file given")), service.ExitUsage},
		"usage joined":    {errors.Join(errors.New("x"), service.Usagef("y")), service.ExitUsage},
		"by method":       {faultyConfig{errors.New("unknown key")}, service.ExitUsage},
		"unknown flag":    {parse("--wrokers=1"), service.ExitUsage},
		"bad value":       {parse("--workers=x"), service.ExitUsage},
		"no value":        {parse("--workers"), service.ExitUsage},
		"bad syntax":      {parse("--=x"), service.ExitUsage},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, service.ExitCode(tt.err), "%v", tt.err)
		})
	}
}

func TestUsagef(t *testing.T) {
	t.Parallel()
	err := service.Usagef("read %s: %w", "a.html", os.ErrNotExist)
	require.EqualError(t, err, "read a.html: file does not exist")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStopReleasesTheSignals(t *testing.T) {
	t.Parallel()
	ctx, stop := service.WithSignals(t.Context())
	require.NoError(t, ctx.Err())
	stop()
	stop()
	require.ErrorIs(t, context.Cause(ctx), context.Canceled)
}

// process names the part that this test binary plays when a test starts it as a
// program of its own.
const process = "SERVICE_TEST_PROCESS"

func TestMain(m *testing.M) {
	if role := os.Getenv(process); role != "" {
		os.Exit(play(role))
	}
	goleak.VerifyTestMain(m)
}

// play is that program.
func play(role string) int {
	return service.Main("parser", func(ctx context.Context) error {
		switch role {
		case "obedient", "deaf":
			fmt.Println("running")
			<-ctx.Done()
			fmt.Println(context.Cause(ctx))
			if role == "deaf" {
				select {}
			}
			return ctx.Err()
		case "usage":
			return service.Usagef("no file given")
		case "memory":
			fmt.Println(debug.SetMemoryLimit(-1))
			return nil
		default:
			return errors.New("no broker")
		}
	})
}

func TestMainReports(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]struct {
		code   int
		stderr string
	}{
		"usage":   {service.ExitUsage, "parser: no file given\n"},
		"failure": {service.ExitFailed, "parser: no broker\n"},
	} {
		var stderr strings.Builder
		cmd := command(t, role)
		cmd.Stderr = &stderr
		var exit *exec.ExitError
		require.ErrorAs(t, cmd.Run(), &exit)
		require.Equal(t, want.code, exit.ExitCode())
		require.Equal(t, want.stderr, stderr.String())
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	t.Run("one ends the context", func(t *testing.T) {
		t.Parallel()
		for signal, cause := range map[syscall.Signal]string{
			syscall.SIGTERM: "received terminated",
			syscall.SIGINT:  "received interrupt",
		} {
			cmd, lines := start(t, "obedient")
			require.Equal(t, "running", next(t, lines))
			require.NoError(t, cmd.Process.Signal(signal))
			require.Equal(t, cause, next(t, lines))
			require.NoError(t, cmd.Wait())
		}
	})
	t.Run("a second ends the process", func(t *testing.T) {
		t.Parallel()
		cmd, lines := start(t, "deaf")
		require.Equal(t, "running", next(t, lines))
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.Equal(t, "received terminated", next(t, lines))
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		var exit *exec.ExitError
		require.ErrorAs(t, cmd.Wait(), &exit)
		status, ok := exit.Sys().(syscall.WaitStatus)
		require.True(t, ok)
		require.Equal(t, syscall.SIGTERM, status.Signal())
	})
}

func command(t *testing.T, role string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), process+"="+role)
	return cmd
}

func start(t *testing.T, role string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := command(t, role)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return cmd, bufio.NewScanner(stdout)
}

func next(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	require.True(t, lines.Scan(), "the process ended early: %v", lines.Err())
	return lines.Text()
}
