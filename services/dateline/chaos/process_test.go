package chaos

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// process is this test binary in one of its roles.
type process struct {
	role string
	log  string // file
	cmd  *exec.Cmd
	// up is closed when it says that it has started; ops is valid from then on.
	up  chan struct{}
	ops string
	// gone is closed when it has ended; state is valid from then on.
	gone  chan struct{}
	state *os.ProcessState
}

// start runs a role in dir. Its log is appended to a file there. wrap, if any, are
// the words before the command.
func start(role, dir string, env []string, wrap []string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the test binary: %w", err)
	}
	words := append(append(append([]string{}, wrap...), self), args...)
	p := &process{
		role: role, log: filepath.Join(dir, role+".log"),
		cmd: exec.Command(words[0], words[1:]...),
		up:  make(chan struct{}), gone: make(chan struct{}),
	}
	p.cmd.Dir = dir
	p.cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.Getenv("TMPDIR"), roleVar + "=" + role,
	}, env...)
	// The pipe is never written: its end tells the child that the test is gone.
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", role, err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", role, err)
	}
	p.cmd.Stdout, p.cmd.Stderr = write, write
	err = p.cmd.Start()
	_ = write.Close()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", role, err), read.Close())
	}
	logged := make(chan struct{})
	go func() { defer close(logged); p.follow(read) }()
	go func() {
		_ = p.cmd.Wait()
		_ = stdin.Close()
		<-logged
		p.state = p.cmd.ProcessState
		close(p.gone)
	}()
	return p, nil
}

// follow copies the log and looks for the line that says that all has started.
func (p *process) follow(r io.ReadCloser) {
	defer func() { _ = r.Close() }()
	file, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	lines, started := bufio.NewReader(r), false
	for {
		line, err := lines.ReadString('\n')
		_, _ = file.WriteString(line)
		if !started && p.says(line) {
			started = true
			close(p.up)
		}
		if err != nil {
			return
		}
	}
}

func (p *process) says(line string) bool {
	if p.role == roleBroker {
		return strings.Contains(line, "Server is ready")
	}
	if _, address, ok := strings.Cut(line, "  metrics   "); ok { // The banner of dateline up.
		p.ops = strings.TrimSuffix(strings.TrimSpace(address), "/metrics")
	}
	if p.role == roleUp {
		return strings.HasPrefix(strings.TrimSpace(line), "data ")
	}
	var entry struct{ Message, HTTP string }
	if json.Unmarshal([]byte(line), &entry) != nil || entry.Message != "started" {
		return false
	}
	p.ops = "http://" + entry.HTTP
	return true
}

// awaitUp waits until the process has started.
func (p *process) awaitUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	select {
	case <-p.up:
		return nil
	case <-p.gone:
		return fmt.Errorf("%s ended at its start: %s\n%s", p.role, p.state, p.tail(20))
	case <-ctx.Done():
		return fmt.Errorf("wait for the start of %s: %w", p.role, context.Cause(ctx))
	}
}

// kill ends the process at once, as kill -9 does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// terminate asks the process to drain, and returns its exit code and how long that took.
func (p *process) terminate() (code int, took time.Duration) {
	asked := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.gone
	return p.state.ExitCode(), time.Since(asked)
}

// tail is the end of the log.
func (p *process) tail(lines int) string {
	data, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimSpace(string(data)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// metrics reads the process' own counts.
func (p *process) metrics(ctx context.Context) (map[string]*dto.MetricFamily, error) {
	body, err := p.get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read the metrics of %s: %w", p.role, err)
	}
	return families, nil
}

func (p *process) get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ops+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", p.role, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", p.role, err)
	}
	return string(body), nil
}

// footprint is what a process takes when nothing is left to do.
type footprint struct {
	goroutines int
	heap       int64 // bytes, after a collection
}

func (p *process) footprint(ctx context.Context) (footprint, error) {
	if _, err := p.get(ctx, "/debug/pprof/heap?gc=1&debug=1"); err != nil {
		return footprint{}, err
	}
	families, err := p.metrics(ctx)
	if err != nil {
		return footprint{}, err
	}
	gauge := func(name string) float64 {
		for _, m := range families[name].GetMetric() {
			return m.GetGauge().GetValue()
		}
		return 0
	}
	return footprint{goroutines: int(gauge("go_goroutines")), heap: int64(gauge("go_memstats_heap_inuse_bytes"))}, nil
}

// resident is the memory of a process as the system counts it; name is VmRSS or
// VmHWM (proc(5)). 0 where there is no /proc.
func (p *process) resident(name string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				return kilobytes << 10
			}
		}
	}
	return 0
}
