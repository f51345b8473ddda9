package topology

import (
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// Permissions are the subjects that a user of the NATS account may publish and
// subscribe to.
type Permissions struct {
	Publish   Rules `json:"publish"`
	Subscribe Rules `json:"subscribe"`
}

// Rules are subjects with wildcards. What is denied stays denied where it is
// allowed, too.
type Rules struct {
	Allow []string `json:"allow"`
	Deny  []string `json:"deny,omitempty"`
}

// Role is somebody who uses the streams, with no more rights than the work needs.
type Role struct {
	// Name is also the last token of the role's inboxes. See Inbox.
	Name string
	// Purpose is one phrase for people.
	Purpose string
	// Consumes are the stages that it runs.
	Consumes []Stage
	// Gets are streams that it looks up single messages of, and Follows streams
	// that it reads with consumers of its own making.
	Gets, Follows []string
	// Watches are stages of others whose backlog it looks at.
	Watches []Stage
	// Publishes are subjects.
	Publishes []string
	// Buckets are key-value buckets that it reads and writes.
	Buckets []string
	// Durables are the streams on which it has a durable consumer of its own name, and
	// Creates says whether it may make these consumers itself.
	Durables []string
	Creates  bool
	// Sets says whether payloads over the server's max_payload may be its own, and
	// Answers whether it answers those who submit.
	Sets, Answers bool
	// everything is the role's who makes the streams.
	everything bool
	// manages is the role's who looks after the pipeline.
	manages bool
}

// Names of the roles that there is one of.
const (
	RoleFetcher  = "fetcher"
	RoleParser   = "parser"
	RoleEnricher = "enricher"
	RoleOperator = "operator"
	RoleAdmin    = "admin"
)

// Roles returns the services' roles and those of who runs them.
func Roles() []Role {
	return []Role{
		{
			Name: RoleFetcher, Purpose: "the fetcher service",
			Consumes: []Stage{Registry, Push, Deliver, Poll, Admit, Page},
			Gets:     []string{StreamFetch, StreamFeeds, StreamPages},
			Follows:  []string{bucketStream(BucketFeeds)},
			Publishes: []string{
				SubjectFeedSubmit, "feeds.deliver.*", "feeds.schedule.*", "feeds.poll.*",
				"articles.found.*.*", "articles.pushed.*", "articles.alias.*", "articles.visited.*",
				"pages.wait.*.*", "pages.due.*.*", "articles.fetched.*.*",
			},
			Buckets: []string{BucketFeeds, BucketHosts},
			Sets:    true, Answers: true,
		},
		{
			Name: RoleParser, Purpose: "the parser service",
			Consumes:  []Stage{Parser},
			Gets:      []string{StreamParsed, StreamEnriched, StreamArchive},
			Watches:   []Stage{Enricher},
			Publishes: []string{"articles.parsed.*"},
			Buckets:   []string{BucketTemplates},
			Sets:      true,
		},
		{
			Name: RoleEnricher, Purpose: "the enricher service",
			Consumes:  []Stage{Enricher, Alerts},
			Gets:      []string{bucketStream(BucketWatches), StreamParsed},
			Follows:   []string{StreamClusters, bucketStream(BucketWatches)},
			Publishes: []string{"articles.enriched.*.*.*", "clusters.*", "alerts.*.*"},
			Sets:      true,
		},
		{
			Name: RoleOperator, Purpose: "people with the dateline command: looks at everything, submits, replays, retries, drops from quarantine, keeps the watches",
			Publishes: append([]string{SubjectFeedSubmit, SubjectFeedRemove, SubjectArticleSubmit}, stageInputs()...),
			Buckets:   []string{BucketWatches},
			Sets:      true,
			manages:   true,
		},
		{
			Name: RoleAdmin, Purpose: "dateline setup and migrate, backups: makes and changes streams; no service uses it",
			everything: true,
		},
	}
}

// Publisher is the role of somebody outside who submits feeds and articles.
func Publisher(name string) Role {
	return Role{Name: name, Purpose: "submits feeds and articles", Publishes: []string{SubjectFeedSubmit, SubjectArticleSubmit}}
}

// Consumer is the role of a team that consumes events and alerts through durable
// consumers of its name, which it may make and change itself. Whoever may make a consumer
// can have it deliver to any subject of the account: strangers are Readers.
func Consumer(name string) Role {
	return Role{Name: name, Purpose: "consumes events and alerts by durable consumers of its name", Durables: []string{StreamEnriched, StreamAlerts}, Creates: true}
}

// Reader is the role of somebody who reads events and alerts through durable
// consumers that an admin made for them, and can do nothing else.
func Reader(name string) Role {
	return Role{Name: name, Purpose: "reads events and alerts by durable consumers that an admin made", Durables: []string{StreamEnriched, StreamAlerts}}
}

// inboxes begins the inboxes of all roles. It is what client libraries use where
// nothing is configured, with a token of the role's after it.
const inboxes = "_INBOX"

// Inbox is the prefix of the subjects on which the role gets answers. Each role
// may listen to its own only.
func Inbox(role string) string { return inboxes + "." + Token(role) }

func bucketStream(bucket string) string { return "KV_" + bucket }

func objectStream(bucket string) string { return "OBJ_" + bucket }

// stageInputs are the subjects of the stages to which a message in quarantine may go
// back. An event does not: all who consume events would get it twice.
func stageInputs() []string {
	var subjects []string
	for _, s := range Stages() {
		if s.Stream != StreamEnriched {
			subjects = append(subjects, s.Filters...)
		}
	}
	return subjects
}

// Needs are the streams, and the stages' consumers, that must be there before the
// role can work.
func (r Role) Needs() (streams []string, stages []Stage) {
	streams = slices.Concat(r.Gets, r.Follows)
	for _, b := range r.Buckets {
		streams = append(streams, bucketStream(b))
	}
	for _, s := range slices.Concat(r.Consumes, r.Watches) {
		streams = append(streams, s.Stream)
	}
	if r.Sets {
		streams = append(streams, objectStream(BucketLarge))
	}
	slices.Sort(streams)
	return slices.Compact(streams), slices.Concat(r.Consumes, r.Watches)
}

// Permissions are what the role may do.
func (r Role) Permissions() Permissions {
	inbox := Inbox(r.Name) + ".>"
	if r.everything {
		return Permissions{Publish: Rules{Allow: []string{">"}}, Subscribe: Rules{Allow: []string{inbox, "$JS.EVENT.ADVISORY.>"}}}
	}
	publish := &subjects{}
	publish.add(r.Publishes...)
	streams, _ := r.Needs()
	for _, s := range streams {
		publish.api("STREAM.INFO.%s", s)
	}
	for _, s := range r.Consumes {
		publish.consume(s.Stream, s.Name)
		publish.add(endings(s)...)
	}
	if len(r.Consumes) > 0 {
		publish.levels()
		publish.lookBack(r)
	}
	for _, s := range r.Watches {
		publish.api("CONSUMER.INFO.%s.%s", s.Stream, s.Name)
	}
	for _, s := range r.Gets {
		publish.get(s)
	}
	for _, s := range r.Follows {
		publish.follow(s)
	}
	for _, b := range r.Buckets {
		publish.get(bucketStream(b))
		publish.add("$KV." + b + ".>")
	}
	for _, s := range r.Durables {
		publish.consume(s, r.Name)
		if r.Creates {
			publish.api("CONSUMER.CREATE.%s.%s", s, r.Name)
			publish.api("CONSUMER.CREATE.%s.%s.>", s, r.Name)
		}
	}
	if len(r.Consumes) > 0 || len(r.Durables) > 0 || r.manages {
		publish.readLarge()
	}
	if r.Sets {
		publish.add("$O." + BucketLarge + ".>")
		publish.api("STREAM.PURGE.%s", objectStream(BucketLarge))
	}
	subscribe := Rules{Allow: []string{inbox}}
	if r.manages {
		publish.manage()
		subscribe.Allow = append(subscribe.Allow, "$JS.EVENT.ADVISORY.>")
	}
	rules := Rules{Allow: publish.sorted()}
	if r.Answers {
		rules.Allow = append(rules.Allow, inboxes+".>")
		rules.Deny = privateInboxes()
	}
	if r.manages {
		rules.Deny = stageConsumers()
	}
	return Permissions{Publish: rules, Subscribe: subscribe}
}

// endings are where a stage puts what it gives up, and leaves word of where an article
// ended.
func endings(s Stage) []string {
	subjects := []string{"quarantine." + Token(s.Name) + ".*"}
	if s.Articles {
		subjects = append(subjects, "articles.ended.*."+Token(s.Name))
	}
	return subjects
}

// stageConsumers is all that could be done to the stages' own consumers by who may
// read their streams through consumers of any name.
func stageConsumers() []string {
	denied := &subjects{}
	for _, s := range Stages() {
		denied.api("CONSUMER.CREATE.%s.%s", s.Stream, s.Name)
		denied.api("CONSUMER.CREATE.%s.%s.>", s.Stream, s.Name)
		denied.api("CONSUMER.DELETE.%s.%s", s.Stream, s.Name)
		denied.api("CONSUMER.MSG.NEXT.%s.%s", s.Stream, s.Name)
	}
	return denied.sorted()
}

// privateInboxes are those of roles that never submit anything, and so get no
// answers but the server's.
func privateInboxes() []string {
	var denied []string
	for _, name := range []string{RoleFetcher, RoleParser, RoleEnricher, RoleAdmin} {
		denied = append(denied, Inbox(name)+".>")
	}
	return denied
}

// subjects is a set of subjects to publish to.
type subjects struct{ set []string }

func (s *subjects) add(more ...string) { s.set = append(s.set, more...) }

func (s *subjects) sorted() []string {
	slices.Sort(s.set)
	return slices.Compact(s.set)
}

func (s *subjects) api(format string, args ...any) {
	s.add("$JS.API." + fmt.Sprintf(format, args...))
}

// consume is pulling from a durable consumer, and settling its messages. Servers
// that put domain and account into the subject of an acknowledgement begin it with
// two tokens more.
func (s *subjects) consume(stream, durable string) {
	s.api("CONSUMER.INFO.%s.%s", stream, durable)
	s.api("CONSUMER.MSG.NEXT.%s.%s", stream, durable)
	s.add(fmt.Sprintf("$JS.ACK.%s.%s.>", stream, durable), fmt.Sprintf("$JS.ACK.*.*.%s.%s.>", stream, durable))
}

// get is the look-up of single messages.
func (s *subjects) get(stream string) {
	s.api("STREAM.MSG.GET.%s", stream)
	s.api("DIRECT.GET.%s", stream)
	s.api("DIRECT.GET.%s.>", stream)
}

// follow is reading through an ephemeral consumer, pulled or pushed to an inbox.
func (s *subjects) follow(stream string) {
	s.api("STREAM.INFO.%s", stream)
	s.api("CONSUMER.CREATE.%s.>", stream)
	s.api("CONSUMER.INFO.%s.*", stream)
	s.api("CONSUMER.MSG.NEXT.%s.*", stream)
	s.api("CONSUMER.DELETE.%s.*", stream)
	s.add("$JS.FC."+stream+".>", "$JS.FC.*.*."+stream+".>")
}

// readLarge is reading payloads that were set aside.
func (s *subjects) readLarge() {
	stream := objectStream(BucketLarge)
	s.get(stream)
	s.follow(stream)
}

// levels is looking how full every stream is and what waits for every stage: each
// service tells of all, so that a service that is gone is not silent.
func (s *subjects) levels() {
	s.api("INFO")
	for _, stream := range StreamNames() {
		s.api("STREAM.INFO.%s", stream)
	}
	for _, stage := range Stages() {
		s.api("CONSUMER.INFO.%s.%s", stage.Stream, stage.Name)
	}
}

// lookBack is looking whether an output was published before, in the streams that the
// role publishes into and that keep what they get.
func (s *subjects) lookBack(r Role) {
	kept := map[string]bool{}
	for _, cfg := range Streams(Options{}) {
		kept[cfg.Name] = cfg.Retention == jetstream.LimitsPolicy
	}
	outputs := slices.Clone(r.Publishes)
	for _, stage := range r.Consumes {
		outputs = append(outputs, endings(stage)...)
	}
	for _, subject := range outputs {
		if stream := StreamOf(subject); kept[stream] {
			s.get(stream)
		}
	}
}

// manage is looking at everything, and taking messages out of quarantine.
func (s *subjects) manage() {
	s.api("INFO")
	s.api("STREAM.LIST")
	s.api("STREAM.NAMES")
	s.api("STREAM.MSG.DELETE.%s", StreamQuarantine)
	for _, stream := range StreamNames() {
		s.get(stream)
		s.api("STREAM.INFO.%s", stream)
		s.api("CONSUMER.LIST.%s", stream)
		s.api("CONSUMER.NAMES.%s", stream)
		s.api("CONSUMER.INFO.%s.*", stream)
	}
	for _, stream := range []string{StreamFetch, StreamArchive, StreamParsed, StreamEnriched, StreamAlerts, StreamQuarantine, bucketStream(BucketFeeds), bucketStream(BucketWatches)} {
		s.follow(stream)
	}
}

// StreamNames are the names of all streams, those of buckets first: the registry of
// feeds is what cannot be had again.
func StreamNames() []string {
	var names []string
	for _, b := range Buckets(Options{}) {
		names = append(names, bucketStream(b.Bucket))
	}
	for _, c := range Streams(Options{}) {
		names = append(names, c.Name)
	}
	return append(names, objectStream(BucketLarge))
}
