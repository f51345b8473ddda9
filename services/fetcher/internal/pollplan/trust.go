package pollplan

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

const (
	// probeAfter is how many answers 304 in a row are believed.
	probeAfter = 20
	// probeDay is how long answers 304 are believed, and probeLeast how many of them
	// there are in any case, so that no more than one poll in five costs the origin a
	// full answer.
	probeDay   = 24 * time.Hour
	probeLeast = 4
	// minDistrust and maxDistrust bound how long validators that lied are not used. The
	// time doubles with each lie.
	minDistrust = 24 * time.Hour
	maxDistrust = 30 * 24 * time.Hour
)

// Conditional says whether the next poll is to be conditional (RFC 9110, section 13),
// and if not, why.
//
// Validators are believed, but not for ever: some origins answer 304 though the feed
// has changed, so that Media Cloud's fetcher sends none at all. Here each feed is
// probed without them now and then, and loses the privilege only if it is caught.
func Conditional(state *datelinev1.PollState, now time.Time) (conditional bool, reason string) {
	n := state.GetUnmodifiedPolls()
	switch {
	case state.GetEtag() == "" && state.GetLastModified() == "":
		return false, "the last full answer had no validators"
	case distrusted(state, now):
		return false, fmt.Sprintf("its validators hid entries %s; they are not used until %s",
			times(state.GetValidatorLies()), state.GetDistrustUntil().AsTime().Format(time.RFC3339))
	case n >= probeAfter:
		return false, fmt.Sprintf("probe: %d answers in a row were 304", n)
	case state.GetState() != Quiet && overdue(state, now):
		return false, fmt.Sprintf("probe: silent for longer than %s, which was not to be expected", short(state.GetExpectedSilence().AsDuration()))
	case n >= probeLeast && time.Duration(n)*state.GetInterval().AsDuration() >= probeDay:
		// The interval grows while nothing comes, so this is the time since the last full
		// answer or a little more.
		return false, "probe: no full answer for a day"
	}
	return true, ""
}

func distrusted(state *datelinev1.PollState, now time.Time) bool {
	return state.GetDistrustUntil() != nil && now.Before(state.GetDistrustUntil().AsTime())
}

// validate takes over the validators of an answer, those of a full one in place of all
// before (RFC 9111, section 3.2), and notes whether those before have lied.
func (p *plan) validate() {
	if p.out.Status == 304 {
		p.s.UnmodifiedPolls++
		if p.out.ETag != "" {
			p.s.Etag = p.out.ETag
		}
		if p.out.LastModified != "" {
			p.s.LastModified = p.out.LastModified
		}
		return
	}
	if p.lied() {
		p.s.ValidatorLies++
		p.s.DistrustUntil = timestamppb.New(p.now.Add(distrust(p.s.ValidatorLies)))
	}
	p.s.Etag, p.s.LastModified, p.s.BodySha256 = p.out.ETag, p.out.LastModified, p.out.BodySHA256
	p.s.UnmodifiedPolls = 0
}

// lied tells a probe that found what 304 had hidden: entries that are new under the
// validators which had answered 304, or most of which were published well before the
// last 304.
func (p *plan) lied() bool {
	probe := !p.out.Conditional && !p.out.Pushed && p.before.GetUnmodifiedPolls() > 0
	if !probe || len(p.yield.New) == 0 {
		return false
	}
	return p.sameValidators() || mostBefore(p.yield.New, p.before.GetLastSuccessAt().AsTime())
}

// sameValidators compares as an origin does: the entity tag if there is one, and
// else the date (RFC 9110, section 13.2.2).
func (p *plan) sameValidators() bool {
	if tag := p.before.GetEtag(); tag != "" {
		return tag == p.out.ETag
	}
	date := p.before.GetLastModified()
	return date != "" && date == p.out.LastModified
}

// mostBefore tells entries most of which were published well before a time: by an
// hour, which caches and editors may take, or by a day where the date may be one
// without a time.
func mostBefore(entries []*datelinev1.Entry, at time.Time) bool {
	n := 0
	for _, e := range entries {
		if e.GetPublished() == nil {
			continue
		}
		published, margin := e.GetPublished().AsTime(), time.Hour
		if published.Equal(published.Truncate(time.Hour)) {
			margin = 24 * time.Hour
		}
		if published.Add(margin).Before(at) {
			n++
		}
	}
	return 2*n > len(entries)
}

// distrust is how long validators are not used after the nth lie.
func distrust(n uint32) time.Duration {
	d := minDistrust
	for ; n > 1 && d < maxDistrust; n-- {
		d *= 2
	}
	return min(d, maxDistrust)
}
