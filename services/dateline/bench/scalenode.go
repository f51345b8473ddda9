package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/dateline-news/dateline/pkg/config"
	"github.com/dateline-news/dateline/services/dateline/internal/process"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// runNode is all of Dateline in a process of its own, so that its memory and CPU
// are told from the bench's.
func runNode(ctx context.Context, data string) error {
	ctx, cancel := untilParentEnds(ctx)
	defer cancel()
	var cfg up.Config
	if _, err := config.Load(nil, config.Options{Environ: os.Environ()}, &cfg); err != nil {
		return err
	}
	cfg.Data, cfg.NATS.Listen, cfg.Telemetry.HTTP = data, "127.0.0.1:0", "127.0.0.1:0"
	return up.Run(ctx, cfg, up.Options{Out: os.Stdout, Err: os.Stderr})
}

// child is a process of this program in another role.
type child struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Scanner
}

// spawn starts this program in a role; its log goes to a file.
func spawn(ctx context.Context, log string, env []string, args ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), env...)
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	defer func() { _ = file.Close() }()
	cmd.Stderr = file
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	return &child{cmd: cmd, stdin: stdin, lines: bufio.NewScanner(stdout)}, nil
}

// stop has the process drain and end.
func (c *child) stop() error {
	err := c.stdin.Close()
	for c.lines.Scan() {
		continue
	}
	return errors.Join(err, c.cmd.Wait())
}

// node is a running Dateline.
type node struct {
	*child
	nats, ops string
	// ready is how long it took until it was ready, and cpu what that cost.
	ready, cpu time.Duration
}

// startNode starts Dateline and waits until it is ready.
func startNode(ctx context.Context, dir string, env []string) (*node, error) {
	started := time.Now()
	running, err := spawn(ctx, filepath.Join(dir, "dateline.log"), env, "-role", "node", "-data", filepath.Join(dir, "data"))
	if err != nil {
		return nil, err
	}
	n := &node{child: running}
	for n.nats == "" && n.lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(n.lines.Text()), " ")
		switch name {
		case "console":
			n.ops = strings.TrimSpace(value)
		case "nats":
			n.nats = strings.TrimSpace(value)
		}
	}
	if n.nats == "" {
		return nil, errors.Join(errors.New("dateline did not start; see its log in "+dir), n.stop())
	}
	for {
		resp, err := http.Get(n.ops + "readyz")
		if err != nil {
			return nil, fmt.Errorf("ask whether dateline is ready: %w", err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			n.ready, n.cpu = time.Since(started), process.CPU(n.cmd.Process.Pid)
			return n, nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// reading is what a node has used and done up to a moment.
type reading struct {
	at        time.Time
	cpu       time.Duration
	rss, heap int64
	lag       *dto.Histogram
	feeds     map[string]float64
	machine   machineLoad
}

// polls is how many polls with a due time were made.
func (r reading) polls() uint64 { return r.lag.GetSampleCount() }

// read takes a reading; collected says whether the heap is collected first.
func (n *node) read(ctx context.Context, collected bool) (reading, error) {
	if collected {
		if err := n.get(ctx, "debug/pprof/heap?gc=1", io.Discard); err != nil {
			return reading{}, err
		}
	}
	r := reading{at: time.Now(), feeds: map[string]float64{}, machine: readMachine()}
	r.rss = process.Bytes(n.cmd.Process.Pid, "VmRSS")
	r.cpu = process.CPU(n.cmd.Process.Pid)
	families, err := n.metrics(ctx)
	if err != nil {
		return reading{}, err
	}
	r.lag = &dto.Histogram{}
	for _, m := range families["dateline_feed_poll_lag_seconds"].GetMetric() {
		r.lag = m.GetHistogram()
	}
	for _, m := range families["go_memstats_heap_inuse_bytes"].GetMetric() {
		r.heap = int64(m.GetGauge().GetValue())
	}
	for _, m := range families["dateline_feeds"].GetMetric() {
		r.feeds[m.GetLabel()[0].GetValue()] = m.GetGauge().GetValue()
	}
	return r, nil
}

func (n *node) metrics(ctx context.Context) (map[string]*dto.MetricFamily, error) {
	pr, pw := io.Pipe()
	go func() { _ = pw.CloseWithError(n.get(ctx, "metrics", pw)) }()
	defer func() { _ = pr.Close() }()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(pr)
	if err != nil {
		return nil, fmt.Errorf("read the metrics: %w", err)
	}
	return families, nil
}

// get copies what the ops listener has at a path.
func (n *node) get(ctx context.Context, path string, to io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.ops+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("get %s: %w", path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(to, resp.Body); err != nil {
		return fmt.Errorf("get %s: %w", path, err)
	}
	return nil
}

// machineLoad is how busy the whole machine was: CPU time of all processes, and
// time that the CPUs were taken away or idle.
type machineLoad struct{ busy, idle, steal time.Duration }

func readMachine() (m machineLoad) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return m
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	for i, field := range strings.Fields(line) {
		ticks, _ := strconv.ParseInt(field, 10, 64)
		d := time.Duration(ticks) * process.ClockTick
		switch i {
		case 1, 2, 3, 6, 7:
			m.busy += d
		case 4, 5:
			m.idle += d
		case 8:
			m.steal += d
		}
	}
	return m
}

// diskBytes is the size of all files under a directory.
func diskBytes(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
		return nil
	})
	return total
}
