package process

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

// Process is this program in one of its roles.
type Process struct {
	Role string
	log  string // file
	cmd  *exec.Cmd
	// up is closed when it says that it has started; ops is valid from then on.
	up  chan struct{}
	ops string
	// Gone is closed when it has ended; state is valid from then on.
	Gone  chan struct{}
	state *os.ProcessState
}

// Start runs a role in dir. Its log is appended to a file there. wrap, if any, are
// the words before the command.
func Start(role, dir string, env []string, wrap []string, args ...string) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	words := append(append(append([]string{}, wrap...), self), args...)
	p := &Process{
		Role: role, log: filepath.Join(dir, role+".log"),
		cmd: exec.Command(words[0], words[1:]...),
		up:  make(chan struct{}), Gone: make(chan struct{}),
	}
	p.cmd.Dir = dir
	p.cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.Getenv("TMPDIR"), RoleVar + "=" + role,
	}, env...)
	// The pipe is never written: its end tells the child that this process is gone.
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
		close(p.Gone)
	}()
	return p, nil
}

// follow copies the log and looks for the line that says that all has started.
func (p *Process) follow(r io.ReadCloser) {
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

func (p *Process) says(line string) bool {
	if p.Role == NATSServer {
		return strings.Contains(line, "Server is ready")
	}
	if _, address, ok := strings.Cut(line, "  metrics   "); ok { // The banner of dateline up.
		p.ops = strings.TrimSuffix(strings.TrimSpace(address), "/metrics")
	}
	if p.Role == Dateline {
		return strings.HasPrefix(strings.TrimSpace(line), "data ")
	}
	var entry struct{ Message, HTTP string }
	if json.Unmarshal([]byte(line), &entry) != nil || entry.Message != "started" {
		return false
	}
	p.ops = "http://" + entry.HTTP
	return true
}

// AwaitUp waits until the process has started.
func (p *Process) AwaitUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	select {
	case <-p.up:
		return nil
	case <-p.Gone:
		return fmt.Errorf("%s ended at its start: %s\n%s", p.Role, p.state, p.Tail(20))
	case <-ctx.Done():
		return fmt.Errorf("wait for the start of %s: %w", p.Role, context.Cause(ctx))
	}
}

// PID is the process' number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Signal sends the process a signal.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Resident is the memory of the process as the system counts it; name is VmRSS or
// VmHWM (proc(5)). 0 where there is no /proc.
func (p *Process) Resident(name string) int64 { return Bytes(p.PID(), name) }

// Kill ends the process at once, as kill -9 does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.Gone
}

// Terminate asks the process to drain, and returns its exit code and how long that took.
func (p *Process) Terminate() (code int, took time.Duration) {
	asked := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.Gone
	return p.state.ExitCode(), time.Since(asked)
}

// Tail is the end of the log.
func (p *Process) Tail(lines int) string {
	data, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimSpace(string(data)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// Logged is how many lines of the log hold a text.
func (p *Process) Logged(text string) (n int) {
	data, err := os.ReadFile(p.log)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

// Metrics reads the process' own counts.
func (p *Process) Metrics(ctx context.Context) (map[string]*dto.MetricFamily, error) {
	body, err := p.Get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read the metrics of %s: %w", p.Role, err)
	}
	return families, nil
}

// Get reads what the process' ops listener has at a path.
func (p *Process) Get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ops+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", p.Role, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", p.Role, err)
	}
	return string(body), nil
}

// Footprint is what a process takes when nothing is left to do.
type Footprint struct {
	Goroutines int
	Heap       int64 // bytes, after a collection
}

// Footprint has the process collect its garbage, and reads what it then takes.
func (p *Process) Footprint(ctx context.Context) (Footprint, error) {
	if _, err := p.Get(ctx, "/debug/pprof/heap?gc=1&debug=1"); err != nil {
		return Footprint{}, err
	}
	families, err := p.Metrics(ctx)
	if err != nil {
		return Footprint{}, err
	}
	return Footprint{Goroutines: int(Gauge(families, "go_goroutines")), Heap: int64(Gauge(families, "go_memstats_heap_inuse_bytes"))}, nil
}

// Gauge is the value of a gauge without labels; 0 where there is none.
func Gauge(families map[string]*dto.MetricFamily, name string) float64 {
	for _, m := range families[name].GetMetric() {
		return m.GetGauge().GetValue()
	}
	return 0
}
