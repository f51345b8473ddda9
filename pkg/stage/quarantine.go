package stage

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// HeaderArticle carries the id of the article or feed that a message is about,
// so that whoever handles it without decoding it can name it.
const HeaderArticle = "Dateline-Article"

// quarantine keeps the message whole, with the reason, and then ends it. The
// order matters: ended first, a work queue would forget it.
func (r *Runner[In]) quarantine(ctx context.Context, d *delivery, class string, cause error) {
	q := r.quarantined(d, class, cause)
	outs := []Out{{
		Subject: topology.Quarantine(r.spec.Name, q.GetId()),
		ID:      q.GetId(),
		// The stream's memory of ids is short; its memory of subjects is not.
		Expect:  New(),
		Message: q,
	}}
	if mark, ok := r.ending(d, outcomeQuarantined, class); ok {
		mark.Message.(*datelinev1.Ending).QuarantineId = q.GetId()
		outs = append(outs, mark)
	}
	_, err := r.publishAll(ctx, d, outs)
	if err != nil {
		if r.givesUp(ctx) {
			r.giveBack(d)
			return
		}
		r.retry(d, 0, fmt.Errorf("quarantine (%w): %w", cause, err))
		return
	}
	if r.end(d, func() error { return d.msg.TermWithReason(class) }, outcomeQuarantined, class) {
		d.log.Error("quarantined", zap.String("id", q.GetId()), zap.String("class", class),
			zap.String("article", q.GetArticleId()), zap.Error(cause))
	}
}

// maxError bounds the error text of a quarantined message, in bytes.
const maxError = 4 << 10

func errorText(err error) string {
	text := err.Error()
	if len(text) > maxError {
		text = text[:maxError]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

func (r *Runner[In]) quarantined(d *delivery, class string, cause error) *datelinev1.Quarantined {
	payload := d.payload
	if payload == nil {
		payload = d.data
	}
	headers := make(map[string]*datelinev1.HeaderValues, len(d.header))
	for k, v := range d.header {
		headers[strings.ToValidUTF8(k, "")] = &datelinev1.HeaderValues{Values: validUTF8(v)}
	}
	return &datelinev1.Quarantined{
		Id:            quarantineID(d.meta.Stream, d.meta.Sequence.Stream, d.meta.Timestamp),
		Stage:         r.spec.Name,
		Attempt:       uint32(d.attempt()),
		Class:         class,
		Error:         errorText(cause),
		CodeVersion:   r.s.Version,
		Host:          r.s.Host,
		Subject:       strings.ToValidUTF8(d.msg.Subject(), "\uFFFD"),
		Stream:        d.meta.Stream,
		Sequence:      d.meta.Sequence.Stream,
		Headers:       headers,
		Payload:       payload,
		QuarantinedAt: timestamppb.Now(),
		ArticleId:     strings.ToValidUTF8(d.header.Get(HeaderArticle), ""),
	}
}

func validUTF8(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.ToValidUTF8(v, "\uFFFD")
	}
	return out
}

// quarantineID follows from the message's place in its stream and from when it
// was stored, so that a stream made anew gives new ids.
func quarantineID(stream string, sequence uint64, stored time.Time) string {
	sum := sha256.Sum256([]byte(stream + "|" + strconv.FormatUint(sequence, 10) + "|" + strconv.FormatInt(stored.UnixNano(), 10)))
	return "q" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
}
