// Package trail makes the mark that a stage leaves on an article.
package trail

import (
	"context"
	"os"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/telemetry"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

var hostname = sync.OnceValue(func() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
})

// maxNote bounds a note, in bytes: it may repeat what a server said.
const maxNote = 500

// Stamp marks an article with the delivery that ctx belongs to. Outside a
// handler the stamp has neither stage nor times.
func Stamp(ctx context.Context, notes ...string) *datelinev1.Stamp {
	d := stage.DeliveryFrom(ctx)
	s := &datelinev1.Stamp{
		Stage:   d.Stage,
		Version: telemetry.Version(),
		Host:    hostname(),
		Attempt: uint32(d.Attempt),
	}
	if !d.Started.IsZero() {
		s.StartedAt, s.Took = timestamppb.New(d.Started), durationpb.New(time.Since(d.Started))
	}
	if d.Replay.Run != "" {
		notes = append(notes, "replay "+d.Replay.Run)
	}
	for _, note := range notes {
		s.Notes = append(s.Notes, strings.ToValidUTF8(note[:min(len(note), maxNote)], "\uFFFD"))
	}
	return s
}
