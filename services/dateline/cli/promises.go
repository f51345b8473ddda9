package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dateline-news/dateline/pkg/level"
	"github.com/dateline-news/dateline/pkg/topology"
)

// promises warns of what makes this installation promise less than the documents say.
func (d *doctor) promises(ctx context.Context) {
	var have []jetstream.StreamConfig
	for _, cfg := range topology.Streams(topology.Options{}) {
		// What is missing has failed its check already.
		if stream, err := d.bus.JS.Stream(ctx, cfg.Name); err == nil {
			have = append(have, stream.CachedInfo().Config)
		}
	}
	o := topology.Implied(have)
	d.copies(o)
	d.streamSettings(have, o)
	d.consumerSettings(ctx, o)
	d.wire()
	d.disk()
	d.monitored(ctx)
}

// warn prints one line: what is so, what it costs, what to do.
func (d *doctor) warn(what, format string, args ...any) {
	d.warnings++
	fmt.Fprintf(d.out, "warn  %-28s %s\n", what, fmt.Sprintf(format, args...))
}

// fullCopies is how many copies outlive the loss of any one server.
const fullCopies = 3

func (d *doctor) copies(o topology.Options) {
	if cluster := d.bus.Conn.ConnectedClusterName(); cluster != "" && o.Replicas < fullCopies {
		d.warn("replicas", "streams have %d of %d copies on cluster %s: they stand still, or are lost, with one server; run 'dateline setup --nats-replicas %d'",
			o.Replicas, fullCopies, cluster, fullCopies)
	}
}

func (d *doctor) streamSettings(have []jetstream.StreamConfig, o topology.Options) {
	wanted := map[string]jetstream.StreamConfig{}
	for _, cfg := range topology.Streams(o) {
		wanted[cfg.Name] = cfg
	}
	for _, cfg := range have {
		if cfg.Name == topology.StreamSubmissions && cfg.MaxBytes == topology.RefusingBytes {
			d.warn("stream "+cfg.Name, "refuses what publishers send: there is less room than fetcher.min-free; make room, and it takes it again")
			cfg.MaxBytes = wanted[cfg.Name].MaxBytes
		}
		for _, diff := range topology.CompareStream(cfg, wanted[cfg.Name]) {
			remedy := "run 'dateline setup'"
			if diff.Setting == "storage" || diff.Setting == "retention" {
				remedy = "back it up, delete it, and run 'dateline setup'"
			}
			d.differs("stream "+cfg.Name, diff, streamCost(cfg.Name, diff), remedy)
		}
	}
}

func (d *doctor) consumerSettings(ctx context.Context, o topology.Options) {
	for _, s := range topology.Stages() {
		consumer, err := d.bus.JS.Consumer(ctx, s.Stream, s.Name)
		if err != nil {
			continue
		}
		for _, diff := range topology.CompareConsumer(consumer.CachedInfo().Config, s, o) {
			d.differs("stage "+s.Name, diff, consumerCost(diff), "run 'dateline setup'")
		}
	}
}

func (d *doctor) differs(what string, diff topology.Difference, cost, remedy string) {
	d.warn(what, "%s is %s, not %s: %s; %s", diff.Setting, diff.Have, diff.Want, cost, remedy)
}

// byHand is what is said of settings that promise no less.
const byHand = "it was changed by hand, or by another version"

// streamCost is what a stream's setting costs that is not as documented.
func streamCost(stream string, diff topology.Difference) string {
	switch diff.Setting {
	case "storage":
		return "what it holds is gone when the server ends"
	case "num_replicas":
		return "it has fewer copies than the others, and is lost earlier"
	}
	if !diff.Less {
		return byHand
	}
	switch diff.Setting {
	case "duplicate_window":
		return "a repeat that comes later is taken for new"
	case "max_age", "max_bytes", "max_msgs":
		return keepsLess(stream)
	}
	return byHand
}

// keepsLess is what it costs that a stream keeps less.
func keepsLess(stream string) string {
	switch stream {
	case topology.StreamEnriched, topology.StreamAlerts:
		return "who is away for longer misses events"
	case topology.StreamQuarantine:
		return "what was given up on is dropped before somebody looks at it"
	case topology.StreamArchive, topology.StreamParsed:
		return "a replay reaches back less far"
	case topology.StreamFetch:
		return "what still stands in feeds is fetched again"
	case topology.StreamSubmissions:
		return "publishers are refused earlier"
	}
	return "less of what is not done yet has room"
}

func consumerCost(diff topology.Difference) string {
	switch {
	case diff.Setting == "max_deliver":
		return "a message that is not done by then stays where it is, and nobody hears of it"
	case diff.Setting == "ack_wait" && diff.Less:
		return "what takes longer is worked on twice at a time"
	case diff.Setting == "ack_wait":
		return "what a process had in hand that ended waits for that long"
	case diff.Setting == "max_ack_pending" && diff.Less:
		return "fewer messages are in hand at a time, and it is slower"
	}
	return byHand
}

// minPayload is the least max_payload that most documents fit in, in bytes.
const minPayload = 1 << 20

// wire looks at what goes over the network, and who may send it.
func (d *doctor) wire() {
	conn := d.bus.Conn
	if most := conn.MaxPayload(); most < minPayload {
		d.warn("max_payload", "is %d KiB: publishers cannot push longer documents, and larger pages take the way over the object store; set max_payload to 8MB on the server", most>>10)
	}
	server, err := url.Parse(conn.ConnectedUrl())
	if err != nil || loopback(server.Hostname()) {
		return
	}
	if _, err := conn.TLSConnectionState(); err != nil {
		d.warn("encryption", "there is no TLS on the way to %s: whoever is on it reads and forges articles; see secured.conf in deploy/nats", server.Host)
	}
	if !conn.AuthRequired() {
		d.warn("users", "%s knows no users: whoever reaches it may forge and delete everything; see 'dateline keys'", server.Host)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// tightDisk is how much has to be free, in bytes; of a small disk, a tenth is enough
// (fetcher.min-free).
const tightDisk = 1 << 30

// disk looks at where the streams are, if it is told.
func (d *doctor) disk() {
	if d.dir == "" {
		return
	}
	free, size, err := level.Usage(d.dir)
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		d.check("disk", err, "")
		return
	}
	if kind := level.Unfit(d.dir); kind != "" {
		d.warn("disk", "%s is on %s: what was confirmed may be gone after a restart or a fault of the network; use a local disk", d.dir, kind)
	}
	if free < min(tightDisk, size/10) {
		d.warn("disk", "%d MiB of %d MiB are free at %s: nothing new is taken below fetcher.min-free; make room", free>>20, size>>20, d.dir)
	}
}

// longestSync is how much of what was confirmed may be lost with the power, by the
// documents.
const longestSync = 10 * time.Second

// varz is what a server's monitoring says that is of interest.
type varz struct {
	JetStream struct {
		Config struct {
			SyncInterval time.Duration `json:"sync_interval"`
			SyncAlways   bool          `json:"sync_always"`
		} `json:"config"`
	} `json:"jetstream"`
}

// monitored asks the server's monitoring, if it is told where that is.
func (d *doctor) monitored(ctx context.Context) {
	if d.monitor == "" {
		return
	}
	var v varz
	if err := d.ask(ctx, "/varz", &v); err != nil {
		d.check("monitoring", err, "")
		return
	}
	c := v.JetStream.Config
	if every := c.SyncInterval; !c.SyncAlways && every > longestSync {
		d.warn("sync_interval", "is %s: so much of what was confirmed is lost with the power of all copies; set sync_interval to 1s, or in a cluster to always", every)
	}
	d.check("health", d.ask(ctx, "/healthz", nil), d.monitor+" says ok")
}

// ask reads what the server's monitoring has at a path.
func (d *doctor) ask(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(d.monitor, "/")+path, nil)
	if err != nil {
		return fmt.Errorf("ask the server's monitoring: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the server's monitoring: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		var why struct{ Error string }
		_ = json.NewDecoder(resp.Body).Decode(&why)
		return fmt.Errorf("%s answers %s: %s", path, resp.Status, why.Error)
	}
	if into == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("read what the server's monitoring says: %w", err)
	}
	return nil
}
