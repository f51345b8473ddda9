package fetch_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/topology"
)

func removal(id string) stage.Raw {
	return stage.Raw{Subject: topology.SubjectFeedRemove, Header: inbox(), Data: []byte(id)}
}

func TestDeliveries(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"sha1", "sha256", "sha384", "sha512"} {
		t.Run("hub-101: "+algorithm, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, true)
			id := s.feed("/feed", monday)
			require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), rssType, rss(tuesday), algorithm))
			s.settle()
			require.Equal(t, []string{mondayNews, tuesdayNews}, s.foundURLs())
			require.EqualValues(t, 1, s.sub(id).GetDeliveries())
		})
	}
	t.Run("sub-300", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		before := s.record(t, id)
		s.sleep(10 * time.Minute)
		require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), rssType, rss(monday, tuesday), ""))
		s.settle()
		require.Equal(t, []string{mondayNews, tuesdayNews}, s.foundURLs())
		after := s.record(t, id)
		require.EqualValues(t, 1, after.GetHub().GetDeliveries())
		require.True(t, s.now().Equal(after.GetHub().GetLastDeliveryAt().AsTime()))
		require.EqualValues(t, 2, after.GetPoll().GetEntriesFound())
		for _, same := range []func() (any, any){
			func() (any, any) { return before.GetPoll().GetEtag(), after.GetPoll().GetEtag() },
			func() (any, any) { return before.GetPoll().GetBodySha256(), after.GetPoll().GetBodySha256() },
			func() (any, any) { return before.GetPoll().GetPolls(), after.GetPoll().GetPolls() },
		} {
			was, is := same()
			require.Equal(t, was, is)
		}
		require.True(t, proto.Equal(before.GetPoll().GetInterval(), after.GetPoll().GetInterval()))
		require.True(t, proto.Equal(before.GetPoll().GetNextPollAt(), after.GetPoll().GetNextPollAt()))
		require.True(t, proto.Equal(before.GetPoll().GetLastPollAt(), after.GetPoll().GetLastPollAt()))

		s.origin.serve("/feed", body(rssType, s.document(s.origin.URL+"/feed", tuesday, monday)))
		s.poll(1)
		require.Len(t, s.found, 2, "a poll that comes later brings nothing new")
	})
	for name, algorithm := range map[string]string{"sub-301": "sha256", "sub-302": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHubSim(t, true)
			id := s.feed("/feed", monday)
			form := s.hub.only(t)
			form.Set("hub.secret", "another")
			require.Equal(t, 202, s.hub.deliver(t, form, rssType, rss(tuesday), algorithm), "acknowledged, lest the answer tell")
			s.settle()
			require.Equal(t, []string{mondayNews}, s.foundURLs(), "and not processed")
			require.Zero(t, s.sub(id).GetDeliveries())
		})
	}
	t.Run("hub-105: plain-text topic", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		id := s.feed("/feed", monday)
		s.run(30 * time.Minute)
		s.origin.serve("/feed", body(rssType, s.document(s.origin.URL+"/feed", tuesday, monday)))
		require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), "text/plain", "Something has changed.", ""))
		s.settle()
		_, at := s.next()
		require.False(t, at.After(s.now()), "what is no feed says that the feed has changed")
		require.True(t, at.Equal(s.state(id).GetNextPollAt().AsTime()))
		s.run(time.Minute)
		require.Equal(t, []string{mondayNews, tuesdayNews}, s.foundURLs())

		require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), "text/plain", "And again.", ""))
		s.settle()
		_, at = s.next()
		require.Equal(t, 5*time.Minute, at.Sub(s.state(id).GetLastPollAt().AsTime()), "though no more often than the least interval")
	})
	t.Run("hub-106: JSON topic", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.feed("/feed", monday)
		require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), "application/feed+json",
			`{"version":"https://jsonfeed.org/version/1.1","title":"Courier","items":[{"id":"2","url":"`+tuesdayNews+`","title":"Ferry fares rise"}]}`, ""))
		s.settle()
		require.Equal(t, []string{mondayNews, tuesdayNews}, s.foundURLs())
	})
	t.Run("no room", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.feed("/feed", monday)
		s.full = true
		require.Equal(t, http.StatusServiceUnavailable, s.hub.deliver(t, s.hub.only(t), rssType, rss(tuesday), ""))
		s.full = false
		require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), rssType, rss(tuesday), ""))
		s.settle()
		require.Len(t, s.found, 2)
	})
	t.Run("relative links", func(t *testing.T) {
		t.Parallel()
		s := newHubSim(t, false)
		s.feed("/news/feed", monday)
		require.Equal(t, 202, s.hub.deliver(t, s.hub.only(t), rssType, rss(item("tuesday", "2", "Ferry fares rise", "From May on.")), ""))
		s.settle()
		require.Equal(t, s.origin.URL+"/news/tuesday", s.foundURLs()[1], "they start from the topic")
	})
}

func TestDeliverDrops(t *testing.T) {
	t.Parallel()
	s := newHubSim(t, false)
	id := s.feed("/feed", monday)
	s.origin.serve("/feed", status(http.StatusGone))
	s.poll(1)
	raw := func(id string, header ...string) stage.Raw {
		return stage.Raw{Subject: "feeds.deliver." + id, Header: inbox(header...), Data: []byte(rss(tuesday))}
	}
	_, err := s.Deliver(s.delivery(), raw(id))
	require.ErrorContains(t, err, "ended")
	_, err = s.Deliver(s.delivery(), raw("fnone"))
	require.ErrorContains(t, err, "removed")
	for _, bad := range []stage.Raw{raw("F.>"), raw(id, bus.HeaderContentEncoding, "rot13"), raw(id, "Dateline-Hub-Mode", "subscribe", bus.HeaderContentType, bus.TypeProtobuf)} {
		_, err = s.Deliver(s.delivery(), bad)
		require.Equal(t, stage.VerdictPermanent, stage.VerdictOf(err), "%v", err)
	}
}
