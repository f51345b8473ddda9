package chaos

import (
	"slices"
	"time"

	"github.com/dateline-news/dateline/services/dateline/internal/process"
)

// faults are all ways in which things are broken.
func faults() []fault {
	return slices.Concat(processFaults(), messageFaults(), clusterFaults(), reloadFaults(), machineFaults(), overloadFaults())
}

// processFaults end processes.
func processFaults() []fault {
	return []fault{
		{
			name: "service killed", how: "`kill -9` of fetcher, parser and enricher in turn, at random points of the flow",
			asserted: "each takes up its work again", articles: *articles, brief: true,
			inject: killServices,
		},
		{
			name: "broker killed", how: "`kill -9` of nats-server at random points; it starts again at once",
			asserted: "services reconnect by themselves; their memory and goroutines are as before", articles: *articles, brief: true,
			inject: killBroker,
		},
		{
			name: "broker restarted", how: "SIGTERM to nats-server; it is away for 0 to 15 s",
			asserted: "services wait and reconnect by themselves", articles: 2000,
			inject: restartBroker,
		},
		{
			name: "everything killed", how: "`kill -9` of nats-server and of the three services at the same time",
			asserted: "all start again in any order", articles: 2000,
			inject: killEverything,
		},
		{
			name: "all in one killed", how: "`kill -9` of `dateline up`, broker, services and all",
			asserted: "the next start goes on where it was", articles: 2000,
			options: options{allInOne: true}, inject: killAllInOne,
		},
		{
			name: "service terminated", how: "SIGTERM to fetcher, parser and enricher in turn, at random points",
			asserted: "exit code 0 within 30 s, each time; nothing waits for another delivery", articles: *articles, brief: true,
			inject: terminateServices,
		},
	}
}

// messageFaults are about what is sent and kept.
func messageFaults() []fault {
	return []fault{
		{
			name: "consumer deleted", how: "each stage's durable consumer is deleted in turn",
			asserted: "it is there again within 10 s; what is read again gives no doubles", articles: 2000,
			inject: deleteConsumers,
		},
		{
			name: "consumer deleted, long after", how: "the server remembers message ids for 70 s; the consumers of PARSED and FETCH are deleted when that is over, so that all documents and all articles found are read once more",
			asserted: "no page is fetched again, no event comes again", articles: 1000,
			options: options{window: 70 * time.Second, refetch: true},
			inject:  deleteLongAfter,
		},
		{
			name: "replayed", how: "`dateline replay` from the parser in the middle of the flow, interrupted and gone on with, and `kill -9` of parser and enricher meanwhile",
			asserted: "each article that there was comes out of the run once more, and once", articles: 2000, brief: true,
			inject: replayAndKill, after: replayedOnce,
		},
		{
			name: "poison", how: "messages that nobody can read, put before every stage, and a submission that is no document",
			asserted: "each is in quarantine with its class, once; neighbours are unharmed", articles: 1000, brief: true,
			inject: poison, exact: true,
		},
		{
			name: "submitted twice, in another order", how: "every feed and document is submitted again, shuffled; documents without a message id",
			asserted: "one event each", articles: 2000, brief: true,
			prepare: submitTwice, inject: nothing, exact: true,
		},
		{
			name: "away for longer than ids are remembered", how: "the server remembers message ids for 500 ms and delivers again after 3 s; services killed in between",
			asserted: "the stages' own look at what they have published holds", articles: 3000,
			options: options{ackWait: 3 * time.Second, window: 500 * time.Millisecond},
			inject:  killServices,
		},
		{
			name: "redelivery storm", how: "the server waits 1 s for a sign of life where services think it is 30 s, so that whatever takes longer is delivered again while it is in hand",
			asserted: "one event each; fewer than 20 deliveries each, so that none is taken for a crasher", articles: 2000,
			options: options{ackWait: time.Second},
			inject:  stopParser,
		},
		{
			name: "over the server's limit", how: "max_payload is 64 KiB; pages of 1 to 4 MiB that hardly compress",
			asserted: "set aside and enriched", articles: 300, brief: true,
			options: options{broker: process.BrokerOptions{MaxPayload: 64 << 10}},
			prepare: heavyPages, inject: nothing, exact: true,
		},
		{
			name: "slow consumer", how: "the enricher is stopped (SIGSTOP) for longer than the server waits for a sign of life, three times",
			asserted: "what waits stays in the streams; memory is flat", articles: 2000,
			inject: freezeEnricher,
		},
		{
			name: "stream purged", how: "FETCHED and PARSED are purged once, with all that is in them",
			asserted: "no crash; what was purged is exactly what is missing; nothing is fetched again unasked; new articles pass", articles: 1000,
			inject: purge,
		},
	}
}
