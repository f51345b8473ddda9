package fetch_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const courier = "https://courier.example/feed.xml"

func submission(header nats.Header, payload string) stage.Raw {
	return stage.Raw{Subject: topology.SubjectFeedSubmit, Header: header, Data: []byte(payload)}
}

func encoded(t testing.TB, m proto.Message) string {
	t.Helper()
	data, err := proto.Marshal(m)
	require.NoError(t, err)
	return string(data)
}

// register submits a feed and returns its record.
func (w *world) register(t testing.TB, feed *datelinev1.Feed) *datelinev1.FeedRecord {
	t.Helper()
	outs, err := w.Register(delivery(t, 1), submission(inbox(bus.HeaderContentType, bus.TypeProtobuf), encoded(t, feed)))
	require.NoError(t, err)
	require.Len(t, outs, 1)
	w.mu.Lock()
	id := w.receipts[len(w.receipts)-1].GetId()
	w.mu.Unlock()
	return w.record(t, id)
}

func (w *world) record(t testing.TB, id string) *datelinev1.FeedRecord {
	t.Helper()
	record, _, err := w.feeds.Get(t.Context(), id)
	require.NoError(t, err)
	return record
}

func TestRegister(t *testing.T) {
	t.Parallel()
	labelled := &datelinev1.Feed{Url: courier, Labels: map[string]string{"region": "coast"}}
	tests := map[string]struct {
		header  nats.Header
		payload string
		want    *datelinev1.Feed
	}{
		"plain URL":               {nil, courier, &datelinev1.Feed{Url: courier}},
		"plain URL with spaces":   {nil, "\n " + courier + " \r\n", &datelinev1.Feed{Url: courier}},
		"plain URL said so":       {inbox("Content-Type", "text/plain; charset=utf-8"), courier, &datelinev1.Feed{Url: courier}},
		"in another spelling":     {nil, "HTTPS://Courier.Example:443/feed.xml#top", &datelinev1.Feed{Url: courier}},
		"JSON":                    {nil, `{"url":"` + courier + `","labels":{"region":"coast"}}`, labelled},
		"JSON said so":            {inbox("Content-Type", "application/json"), `{"url":"` + courier + `","labels":{"region":"coast"}}`, labelled},
		"JSON with a list":        {nil, `{"url":"` + courier + `","labels":["coast"]}`, &datelinev1.Feed{Url: courier, Labels: map[string]string{"coast": ""}}},
		"JSON with durations":     {nil, `{"url":"` + courier + `","minInterval":"10m","max_interval":"1h30m"}`, &datelinev1.Feed{Url: courier, MinInterval: durationpb.New(10 * time.Minute), MaxInterval: durationpb.New(90 * time.Minute)}},
		"protobuf said so":        {inbox("Content-Type", bus.TypeProtobuf), encoded(t, labelled), labelled},
		"protobuf by its look":    {nil, encoded(t, labelled), labelled},
		"id and state are no say": {nil, `{"url":"` + courier + `","id":"mine","format":"rss 2.0","hubUrl":"https://hub.example"}`, &datelinev1.Feed{Url: courier}},
		"labels are cleaned":      {nil, `{"url":"` + courier + `","labels":{"a\u0000b":"c\r\nd\u202e"}}`, &datelinev1.Feed{Url: courier, Labels: map[string]string{"a b": "c  d"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			header := inbox()
			for k, v := range test.header {
				header[k] = v
			}
			outs, err := w.Register(delivery(t, 1), submission(header, test.payload))
			require.NoError(t, err)
			receipt := w.receipt(t)
			require.Equal(t, "added", receipt.GetStatus())
			require.Equal(t, courier, receipt.GetUrl())

			record := w.record(t, receipt.GetId())
			want := proto.CloneOf(test.want)
			want.Id = receipt.GetId()
			require.True(t, proto.Equal(want, record.GetFeed()), "got %s", record.GetFeed())
			require.Equal(t, "new", record.GetPoll().GetState())

			require.Len(t, outs, 1)
			require.Equal(t, topology.FeedSchedule(receipt.GetId()), outs[0].Subject)
			require.Equal(t, topology.FeedPoll(receipt.GetId()), outs[0].Target)
			require.True(t, outs[0].At.Equal(record.GetPoll().GetNextPollAt().AsTime()), "the record says when")
		})
	}
}

func TestBadSubmissionsAreAnsweredAndQuarantined(t *testing.T) {
	t.Parallel()
	labels := strings.Repeat(`"l",`, 100)
	tests := map[string]struct {
		header  nats.Header
		payload string
		why     string
	}{
		"empty":                   {nil, " \n", "empty"},
		"no URL":                  {nil, "not a feed", "not a URL"},
		"another scheme":          {nil, "file:///etc/passwd", "not a URL"},
		"password in the URL":     {nil, "https://me:hunter2@courier.example/", "password stands before the host"},
		"two URLs":                {nil, courier + "\n" + courier, "one URL a message"},
		"long line":               {nil, "https://courier.example/" + strings.Repeat("a", 9000), "takes 8192 at most"},
		"large payload":           {nil, strings.Repeat("x", 1<<19), "takes 262144 at most"},
		"broken JSON":             {nil, `{"url":`, "no JSON feed"},
		"JSON without url":        {nil, `{"labels":["a"]}`, "no url"},
		"JSON with a typo":        {nil, `{"url":"` + courier + `","lables":["a"]}`, "lables"},
		"JSON list":               {inbox("Content-Type", "application/json"), `["` + courier + `"]`, "no JSON feed"},
		"bad duration":            {nil, `{"url":"` + courier + `","minInterval":"soon"}`, "give a duration"},
		"negative duration":       {nil, `{"url":"` + courier + `","maxInterval":"-5m"}`, "maxInterval"},
		"labels of another kind":  {nil, `{"url":"` + courier + `","labels":[1]}`, "labels must be"},
		"too many labels":         {nil, encodedLabels(100), "64 are the most"},
		"many labels that repeat": {nil, `{"url":"","labels":[` + labels + `"l"]}`, "no url"},
		"garbage":                 {nil, "\xff\xfe\x00\x01", "neither a URL nor JSON nor protobuf"},
		"no protobuf":             {inbox("Content-Type", bus.TypeProtobuf), courier, "no protobuf"},
		"compressed":              {inbox("Content-Encoding", "zstd"), courier, "content encoding"},
		"header with a line end":  {nil, `{"url":"` + courier + `","headers":{"X-Key":"s3cret\r\nHost: evil"}}`, `header "X-Key" cannot be sent`},
		"header of another kind":  {nil, `{"url":"` + courier + `","headers":{"X-Key":53237}}`, "headers must be an object"},
		"header with a bad name":  {nil, `{"url":"` + courier + `","headers":{"X Key":"s3cret"}}`, "cannot be sent"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			header := inbox()
			for k, v := range test.header {
				header[k] = v
			}
			outs, err := w.Register(delivery(t, 1), submission(header, test.payload))
			require.Empty(t, outs)
			require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err))
			require.ErrorContains(t, err, test.why)
			require.Equal(t, "rejected", w.receipt(t).GetStatus())
			require.Contains(t, w.receipt(t).GetMessage(), test.why)
			require.NotContains(t, err.Error()+w.logged(), "s3cret")
			require.NotContains(t, err.Error()+w.logged(), "53237")
			require.NotContains(t, err.Error()+w.logged(), "hunter2")
		})
	}
}

func encodedLabels(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"l` + strings.Repeat("x", i) + `",`)
	}
	return `{"url":"` + courier + `","labels":[` + b.String() + `"l0"]}`
}

func TestRegisterAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record := w.register(t, &datelinev1.Feed{Url: courier})
	id := record.GetFeed().GetId()
	again := func(feed *datelinev1.Feed) []stage.Out {
		t.Helper()
		outs, err := w.Register(delivery(t, 2), submission(inbox("Content-Type", bus.TypeProtobuf), encoded(t, feed)))
		require.NoError(t, err)
		return outs
	}

	outs := again(&datelinev1.Feed{Url: courier})
	require.Equal(t, "exists", w.receipt(t).GetStatus())
	require.Len(t, outs, 1, "a crash between the registry and the schedule is mended")
	require.Zero(t, *outs[0].Expect, "a poll that is scheduled stays where it is")

	w.polls.set(topology.FeedPoll(id))
	require.Empty(t, again(&datelinev1.Feed{Url: courier}), "a poll that is due or in hand is enough")

	outs = again(&datelinev1.Feed{Url: courier, Headers: map[string]string{"Authorization": "Bearer s3cret"}})
	require.Equal(t, "updated", w.receipt(t).GetStatus())
	require.Nil(t, outs[0].Expect, "other headers are tried at once")
	require.NotContains(t, w.logged(), "s3cret")

	require.Empty(t, again(&datelinev1.Feed{Url: courier, Labels: map[string]string{"region": "coast"}}))
	require.Equal(t, "updated", w.receipt(t).GetStatus())
	require.Equal(t, map[string]string{"region": "coast"}, w.record(t, id).GetFeed().GetLabels())
	require.Equal(t, "Bearer s3cret", w.record(t, id).GetFeed().GetHeaders()["Authorization"], "what a submission leaves out stays")
}

func TestASubmissionRevivesWhatHasEnded(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"gone", "moved"} {
		w := newWorld(t)
		record := w.register(t, &datelinev1.Feed{Url: courier})
		id := record.GetFeed().GetId()
		record.Poll.State = state
		_, err := w.feeds.Put(t.Context(), id, record, 1)
		require.NoError(t, err)

		outs, err := w.Register(delivery(t, 2), submission(inbox(), courier))
		require.NoError(t, err)
		require.Equal(t, "updated", w.receipt(t).GetStatus())
		require.Equal(t, "new", w.record(t, id).GetPoll().GetState())
		require.Len(t, outs, 1)
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	remove := func(w *world, payload string) ([]stage.Out, error) {
		return w.Register(delivery(t, 2), stage.Raw{Subject: topology.SubjectFeedRemove, Header: inbox(), Data: []byte(payload)})
	}
	t.Run("by URL", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		id := w.register(t, &datelinev1.Feed{Url: courier}).GetFeed().GetId()
		outs, err := remove(w, courier+"#x\n")
		require.NoError(t, err)
		require.Equal(t, "removed", w.receipt(t).GetStatus())
		_, _, err = w.feeds.Get(t.Context(), id)
		require.ErrorIs(t, err, bus.ErrNotFound)
		require.Len(t, outs, 1, "its schedule is let go, lest it stand in the way of a new one")
		require.Nil(t, outs[0].Expect)
		require.WithinDuration(t, time.Now(), outs[0].At, time.Minute)
	})
	t.Run("by id", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		id := w.register(t, &datelinev1.Feed{Url: courier}).GetFeed().GetId()
		_, err := remove(w, id)
		require.NoError(t, err)
		require.Equal(t, "removed", w.receipt(t).GetStatus())
	})
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		outs, err := remove(w, courier)
		require.NoError(t, err)
		require.Empty(t, outs)
		require.Equal(t, "unknown", w.receipt(t).GetStatus())
	})
	for _, payload := range []string{"", "a b", "feeds.>", "ftp://x", strings.Repeat("a", 100), "\xff"} {
		w := newWorld(t)
		_, err := remove(w, payload)
		require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err), "%q", payload)
		require.Equal(t, "rejected", w.receipt(t).GetStatus(), "%q", payload)
	}
}
