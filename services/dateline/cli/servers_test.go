package cli_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dateline-news/dateline/services/dateline/demo"
)

// natsServer is a NATS server by its configuration: nats-server FILE; with -t after it,
// it only reads that.
func natsServer(ctx context.Context) error {
	opts, err := server.ProcessConfigFile(os.Args[1])
	if err != nil {
		return err
	}
	if len(os.Args) > 2 && os.Args[2] == "-t" {
		fmt.Printf("%s of %s, %d routes, sync always %t\n", opts.ServerName, opts.Cluster.Name, len(opts.Routes), opts.SyncAlways)
		return nil
	}
	opts.NoSigs, opts.NoLog = true, true
	ns, err := server.NewServer(opts)
	if err != nil {
		return err
	}
	ns.Start()
	<-ctx.Done()
	ns.Shutdown()
	ns.WaitForShutdown()
	return nil
}

// deployed copies the servers' configurations of deploy/nats, with their paths and
// addresses made the script's own: deployed KEYS DATA.
func deployed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: deployed keys data")
	}
	const dir = "../../../deploy/nats"
	files, err := os.ReadDir(dir)
	ts.Check(err)
	replace := strings.NewReplacer("/etc/nats/keys", ts.MkAbs(args[0]), "/var/lib/nats", ts.MkAbs(args[1]),
		"0.0.0.0:4222", ts.Getenv("DATELINE_NATS_LISTEN"), "127.0.0.1:8222", "127.0.0.1:-1")
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(f.Name()), []byte(replace.Replace(string(data))), 0o600))
	}
}

// site is the demo site by itself.
func site(ctx context.Context) error {
	s, err := demo.New(demo.Options{})
	if err != nil {
		return err
	}
	srv := &http.Server{Addr: os.Getenv("DATELINE_DEMO_LISTEN"), Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
