package monitoring_test

// dashboards are the pages, in the order of an operator's questions: does it
// flow, do the feeds come, what is made of them.
func dashboards() []dashboard { return []dashboard{pipeline(), feeds(), enrichment()} }

func one(expr, legend string) []query { return []query{{expr, legend}} }

const (
	graph   = "timeseries"
	stat    = "stat"
	heatmap = "heatmap"
	table   = "table"
)

// Units of Grafana.
const (
	count, percent, seconds, inBytes, bytesPerSecond = "short", "percentunit", "s", "bytes", "Bps"
	messagesPerSecond, requestsPerSecond, perSecond  = "mps", "reqps", "suffix:/s"
)

// states are the colours of feeds' states: green is well, red asks for somebody.
var states = map[string]string{
	"healthy": "green", "new": "blue", "moved": "light-blue", "late": "yellow", "quiet": "orange", "limited": "dark-orange",
	"failing": "red", "corrupt": "dark-red", "gone": "purple", "other": "text",
}

func pipeline() dashboard {
	return dashboard{"dateline-pipeline", "Dateline: pipeline", "From submission to event: what flows, what waits, how long it takes, and what holds it.", []row{
		{"At a glance", []panel{
			{kind: stat, title: "Events", about: "Enriched events a second.", unit: perSecond, queries: one(`sum(rate(dateline_stage_messages_total{stage="enricher", outcome="ok"}[$__rate_interval]))`, "")},
			{kind: stat, title: "Late articles", about: "Share of the last hour's articles that took more than 15 minutes from first sight to event. The objective is 5 %.", unit: percent, queries: one(`dateline:freshness_late:ratio1h`, ""), warn: .05, bad: .72, runbook: "DatelineFreshnessBurn"},
			{kind: stat, title: "Waiting", about: "Messages that wait for any stage.", unit: count, queries: one(`sum(dateline:stage_pending:max)`, ""), warn: 1000, bad: 100000, runbook: "DatelineBacklogGrowing"},
			{kind: stat, title: "In quarantine", about: "Messages that a stage gave up on, and nobody has dealt with.", unit: count, queries: one(`max(dateline_stream_messages{stream="QUARANTINE"})`, ""), warn: 1, runbook: "DatelineQuarantineRate"},
			{kind: stat, title: "Alerts", about: "Alerts that fire.", unit: count, queries: one(`count(ALERTS{alertname=~"Dateline.*", alertstate="firing"}) or vector(0)`, ""), bad: 1},
			{kind: stat, title: "Processes", about: "Processes that answer and reach the broker.", unit: count, queries: one(`count(dateline_nats_connected == 1) or vector(0)`, ""), below: true, bad: 1, runbook: "DatelineDown"},
		}},
		{"Flow", []panel{
			{kind: graph, title: "Deliveries by stage", about: "Deliveries a second that came to an outcome.", unit: messagesPerSecond, queries: one(`sum by (stage) (rate(dateline_stage_messages_total[$__rate_interval]))`, "{{stage}}"), runbook: "DatelineStageStalled"},
			{kind: graph, title: "Outcomes other than ok", about: "What stages did not pass on, with the reason. Duplicates and deferrals are a part of the work; errors are not.", unit: messagesPerSecond, queries: one(`sum by (stage, outcome, reason) (rate(dateline_stage_messages_total{outcome!="ok"}[$__rate_interval]))`, "{{stage}} {{outcome}} {{reason}}")},
		}},
		{"Backlog", []panel{
			{kind: graph, title: "Waiting by stage", about: "Messages that wait for a stage, all replicas together.", unit: count, queries: one(`dateline:stage_pending:max`, "{{stage}}"), runbook: "DatelineBacklogGrowing"},
			{kind: graph, title: "Time to work it off", about: "The backlog over the present pace.", unit: seconds, queries: one(`dateline:stage_backlog_seconds`, "{{stage}}"), warn: 900, runbook: "DatelineBacklogGrowing"},
			{kind: graph, title: "Delivered and not acknowledged", about: "In hand of any replica, or given back to be delivered later.", unit: count, queries: one(`dateline:stage_ack_pending:max`, "{{stage}}")},
			{kind: graph, title: "In hand, and paused stages", about: "Messages that processes have in hand; 1 where a stage waits for the one after it.", unit: count, queries: []query{{`sum by (stage) (dateline_stage_in_flight)`, "{{stage}}"}, {`max by (stage) (dateline_stage_paused)`, "{{stage}} paused"}}},
		}},
		{"Latency", []panel{
			{kind: graph, title: "Handler, p95 and p99", about: "Time that a stage's handler took.", unit: seconds, queries: []query{{`dateline:stage_duration_seconds:p95_5m`, "{{stage}} p95"}, {`dateline:stage_duration_seconds:p99_5m`, "{{stage}} p99"}}},
			{kind: graph, title: "Wait for a stage, p95", about: "From when a message was stored to when it was taken up first.", unit: seconds, queries: one(`dateline:stage_wait_seconds:p95_5m`, "{{stage}}")},
			{kind: graph, title: "First sight to the end of a stage", about: "Transit: what Dateline itself takes.", unit: seconds, queries: []query{{`dateline:transit_seconds:p50_5m`, "{{stage}} p50"}, {`dateline:transit_seconds:p95_5m`, "{{stage}} p95"}}, warn: 900, runbook: "DatelineFreshnessBurn"},
			{kind: graph, title: "Budget of late articles, as spent", about: "Share of late articles over several windows; 5 % is the objective.", unit: percent, queries: []query{{`dateline:freshness_late:ratio5m`, "5 m"}, {`dateline:freshness_late:ratio30m`, "30 m"}, {`dateline:freshness_late:ratio1h`, "1 h"}, {`dateline:freshness_late:ratio2h`, "2 h"}, {`dateline:freshness_late:ratio6h`, "6 h"}, {`dateline:freshness_late:ratio1d`, "1 d"}, {`dateline:freshness_late:ratio3d`, "3 d"}}, warn: .05, bad: .72, runbook: "DatelineFreshnessBurn"},
			{kind: heatmap, title: "Freshness of events", about: "From publication to event. What stood in a feed before it was submitted is old by nature.", unit: seconds, queries: one(`sum by (le) (increase(dateline_freshness_seconds_bucket{stage="enricher"}[$__rate_interval]))`, "{{le}}")},
			{kind: graph, title: "Publication to the end of a stage", about: "Freshness, over an hour.", unit: seconds, queries: []query{{`dateline:freshness_seconds:p50_1h`, "{{stage}} p50"}, {`dateline:freshness_seconds:p95_1h`, "{{stage}} p95"}}},
		}},
		{"Faults", []panel{
			{kind: graph, title: "To quarantine, by stage and class", about: "Messages that a stage gave up on.", unit: messagesPerSecond, queries: one(`sum by (stage, reason) (rate(dateline_stage_messages_total{outcome="quarantined"}[$__rate_interval]))`, "{{stage}} {{reason}}"), runbook: "DatelineQuarantineRate"},
			{kind: graph, title: "Failed and tried again", about: "Share of the deliveries that failed.", unit: percent, queries: []query{{`dateline:stage_retried:ratio10m`, "{{stage}} tried again"}, {`dateline:stage_quarantined:ratio15m`, "{{stage}} quarantined"}}, warn: .1, runbook: "DatelineStageErrors"},
		}},
		{"Store", []panel{
			{kind: graph, title: "Streams, of their limit", about: "ARCHIVE, PARSED and ENRICHED keep a past of fixed size and are full in the normal run of things; SUBMISSIONS and FETCHED are not.", unit: percent, queries: one(`dateline:stream_used:ratio`, "{{stream}}"), warn: .8, runbook: "DatelineStreamFilling"},
			{kind: graph, title: "Bytes by stream", about: "What streams and buckets hold.", unit: inBytes, queries: one(`max by (stream) (dateline_stream_bytes)`, "{{stream}}"), stacked: true},
			{kind: graph, title: "Messages by stream", about: "What streams and buckets hold.", unit: count, queries: one(`max by (stream) (dateline_stream_messages)`, "{{stream}}")},
			{kind: graph, title: "Store and disk", about: "What is taken of the store, and what is free of its disk (dateline up only).", unit: percent, queries: []query{{`dateline:store_used:ratio`, "store taken"}, {`dateline:disk_free:ratio`, "{{instance}} disk free"}}, runbook: "DatelineStoreFilling"},
		}},
		{"Processes", []panel{
			{kind: graph, title: "Memory", about: "Resident memory, and Go's heap in use.", unit: inBytes, queries: []query{{`process_resident_memory_bytes{job=~"dateline.*"}`, "{{instance}} resident"}, {`go_memstats_heap_inuse_bytes{job=~"dateline.*"}`, "{{instance}} heap"}}},
			{kind: graph, title: "CPU", about: "Of one core.", unit: percent, queries: one(`rate(process_cpu_seconds_total{job=~"dateline.*"}[$__rate_interval])`, "{{instance}}")},
			{kind: graph, title: "Goroutines", about: "A number that only grows is a leak.", unit: count, queries: one(`go_goroutines{job=~"dateline.*"}`, "{{instance}}")},
			{kind: graph, title: "Garbage collection", about: "Time that the collector stopped the process, a second.", unit: percent, queries: one(`rate(go_gc_duration_seconds_sum{job=~"dateline.*"}[$__rate_interval])`, "{{instance}}")},
			{kind: table, title: "Versions", about: "What runs where.", unit: count, queries: one(`dateline_build_info`, "")},
			{kind: graph, title: "Connected to the broker", about: "1 where a process reaches NATS.", unit: count, queries: one(`dateline_nats_connected`, "{{instance}}"), runbook: "DatelineBrokerUnreachable"},
		}},
	}}
}

func feeds() dashboard {
	return dashboard{"dateline-feeds", "Dateline: feeds", "What comes from the feeds, how punctually they are asked, and what their origins answer.", []row{
		{"At a glance", []panel{
			{kind: stat, title: "Feeds", about: "Feeds that are polled.", unit: count, queries: one(`dateline:feeds_polled:sum`, "")},
			{kind: stat, title: "Silent", about: "Share of the feeds that are silent for longer than their own history explains.", unit: percent, queries: one(`dateline:feeds_quiet:ratio`, ""), warn: .1, bad: .2, runbook: "DatelineFeedsSilent"},
			{kind: stat, title: "Failing", about: "Share of the feeds that cannot be read, or whose origin asks for fewer requests.", unit: percent, queries: one(`dateline:feeds_failing:ratio`, ""), warn: .1, bad: .2, runbook: "DatelineFeedsFailing"},
			{kind: stat, title: "New articles, 6 h", about: "Articles that were new to Dateline.", unit: count, queries: one(`dateline:articles_found:increase6h`, ""), below: true, bad: 1, runbook: "DatelineNoNews"},
			{kind: stat, title: "Poll lag, p95", about: "From when a poll was due to when it was made.", unit: seconds, queries: one(`dateline:feed_poll_lag_seconds:p95_10m`, ""), warn: 5, bad: 60, runbook: "DatelinePollLag"},
			{kind: stat, title: "Not modified", about: "Share of feeds' answers that cost next to nothing.", unit: percent, queries: one(`(sum(rate(dateline_fetch_responses_total{kind="feed", code="304"}[$__rate_interval])) or vector(0)) / sum(rate(dateline_fetch_responses_total{kind="feed"}[$__rate_interval]))`, "")},
		}},
		{"Feeds", []panel{
			{kind: graph, title: "Feeds by state", about: "The registry, as every fetcher tells it.", unit: count, queries: one(`dateline:feeds:max`, "{{state}}"), stacked: true, colours: states, runbook: "DatelineFeedsFailing"},
			{kind: graph, title: "New articles", about: "Articles a second that were new to Dateline.", unit: perSecond, queries: one(`sum(rate(dateline_stage_messages_total{stage="fetcher-admit", outcome="ok"}[$__rate_interval]))`, "found"), runbook: "DatelineNoNews"},
		}},
		{"Punctuality", []panel{
			{kind: graph, title: "Poll lag", about: "From when a poll was due to when it was made.", unit: seconds, queries: []query{{`dateline:feed_poll_lag_seconds:p50_10m`, "p50"}, {`dateline:feed_poll_lag_seconds:p95_10m`, "p95"}}, warn: 5, bad: 60, runbook: "DatelinePollLag"},
			{kind: heatmap, title: "Poll lag, all polls", about: "Each poll, by how late it came.", unit: seconds, queries: one(`sum by (le) (increase(dateline_feed_poll_lag_seconds_bucket[$__rate_interval]))`, "{{le}}"), runbook: "DatelinePollLag"},
			{kind: graph, title: "Polls", about: "Polls a second, by outcome.", unit: messagesPerSecond, queries: one(`sum by (outcome, reason) (rate(dateline_stage_messages_total{stage="fetcher-poll"}[$__rate_interval]))`, "{{outcome}} {{reason}}")},
			{kind: graph, title: "Pages", about: "Pages a second, by outcome.", unit: messagesPerSecond, queries: one(`sum by (outcome, reason) (rate(dateline_stage_messages_total{stage="fetcher-page"}[$__rate_interval]))`, "{{outcome}} {{reason}}")},
		}},
		{"Origins", []panel{
			{kind: graph, title: "Answers to polls", about: "By status, or class of error.", unit: requestsPerSecond, queries: one(`sum by (code) (rate(dateline_fetch_responses_total{kind="feed"}[$__rate_interval]))`, "{{code}}"), stacked: true},
			{kind: graph, title: "Answers to requests for pages", about: "By status, or class of error.", unit: requestsPerSecond, queries: one(`sum by (code) (rate(dateline_fetch_responses_total{kind="page"}[$__rate_interval]))`, "{{code}}"), stacked: true},
			{kind: graph, title: "Requests by kind", about: "All requests to origins.", unit: requestsPerSecond, queries: one(`sum by (kind) (dateline:fetch_responses:rate5m)`, "{{kind}}")},
			{kind: graph, title: "Bytes received", about: "After decompression.", unit: bytesPerSecond, queries: one(`sum by (kind) (rate(dateline_fetch_bytes_total[$__rate_interval]))`, "{{kind}}"), stacked: true},
			{kind: graph, title: "Hubs' deliveries", about: "What hubs (WebSub) delivered, by outcome.", unit: requestsPerSecond, queries: one(`sum by (outcome) (rate(dateline_websub_deliveries_total[$__rate_interval]))`, "{{outcome}}")},
			{kind: graph, title: "Subscriptions at hubs", about: "By state.", unit: count, queries: one(`max by (state) (dateline_websub_subscriptions)`, "{{state}}")},
		}},
	}}
}

func enrichment() dashboard {
	return dashboard{"dateline-enrichment", "Dateline: enrichment", "What the parser finds in pages, and what the enricher makes of texts.", []row{
		{"Parser", []panel{
			{kind: graph, title: "Fields by source", about: "Where fields of documents were found.", unit: perSecond, queries: one(`sum by (source) (rate(dateline_parse_fields_total[$__rate_interval]))`, "{{source}}"), stacked: true},
			{kind: graph, title: "Fields for each document", about: "Share of the documents that have a field. A fall is a template that changed, or a fault of the parser.", unit: percent, queries: one(`sum by (field) (rate(dateline_parse_fields_total[$__rate_interval])) / on () group_left () sum(rate(dateline_stage_messages_total{stage="parser", outcome="ok"}[$__rate_interval]))`, "{{field}}")},
			{kind: graph, title: "Documents, and pages that are none", about: "The parser's outcomes.", unit: messagesPerSecond, queries: one(`sum by (outcome, reason) (rate(dateline_stage_messages_total{stage="parser"}[$__rate_interval]))`, "{{outcome}} {{reason}}"), runbook: "DatelineQuarantineRate"},
			{kind: graph, title: "Furniture left out", about: "Blocks a second that other pages of the host have, too.", unit: perSecond, queries: one(`sum(rate(dateline_parse_furniture_blocks_total[$__rate_interval]))`, "blocks")},
		}},
		{"Languages", []panel{
			{kind: graph, title: "Articles by language", about: "Articles a second.", unit: perSecond, queries: one(`sum by (language) (rate(dateline_enrich_articles_total[$__rate_interval]))`, "{{language}}"), stacked: true},
			{kind: graph, title: "Without a known language", about: "Share of the articles whose language is not known.", unit: percent, queries: one(`(sum(rate(dateline_enrich_articles_total{language="und"}[$__rate_interval])) or vector(0)) / sum(rate(dateline_enrich_articles_total[$__rate_interval]))`, "und")},
		}},
		{"Annotators", []panel{
			{kind: graph, title: "Time for one article, p95", about: "By annotator.", unit: seconds, queries: one(`histogram_quantile(0.95, sum by (annotator, le) (rate(dateline_annotator_duration_seconds_bucket[$__rate_interval])))`, "{{annotator}}")},
			{kind: graph, title: "Time for one article, mean", about: "By annotator.", unit: seconds, queries: one(`sum by (annotator) (rate(dateline_annotator_duration_seconds_sum[$__rate_interval])) / sum by (annotator) (rate(dateline_annotator_duration_seconds_count[$__rate_interval]))`, "{{annotator}}")},
			{kind: graph, title: "Where the time goes", about: "What annotators take of one core.", unit: percent, queries: one(`sum by (annotator) (rate(dateline_annotator_duration_seconds_sum[$__rate_interval]))`, "{{annotator}}"), stacked: true},
			{kind: heatmap, title: "Enricher, all articles", about: "Time of the handler.", unit: seconds, queries: one(`sum by (le) (increase(dateline_stage_duration_seconds_bucket{stage="enricher"}[$__rate_interval]))`, "{{le}}")},
		}},
		{"Clusters", []panel{
			{kind: graph, title: "Index of near-duplicates", about: "Articles that a new one is compared with, by process.", unit: count, queries: one(`dateline_cluster_index_entries`, "{{instance}}")},
			{kind: graph, title: "Wait for the index", about: "From when an article was enriched but for its cluster to when the signatures before its own were read.", unit: seconds, queries: []query{{`histogram_quantile(0.50, sum by (le) (rate(dateline_cluster_wait_seconds_bucket[$__rate_interval])))`, "p50"}, {`histogram_quantile(0.95, sum by (le) (rate(dateline_cluster_wait_seconds_bucket[$__rate_interval])))`, "p95"}}},
		}},
	}}
}
