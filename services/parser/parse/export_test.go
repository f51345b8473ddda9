package parse

import (
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/dateline-news/dateline/pkg/stage"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// NewHandler makes the stage's handler over a source of earlier revisions.
func NewHandler(e published) stage.Func[*datelinev1.Page] { return NewHandlerAmong(e, nil) }

// NewHandlerAmong is NewHandler with what the pages of each host have in common.
func NewHandlerAmong(e published, h hosts) stage.Func[*datelinev1.Page] {
	return (&handler{
		parser: New(Config{}), earlier: e, templates: h, log: zap.NewNop(),
		fields:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fields"}, []string{"field", "source"}),
		furniture: prometheus.NewCounter(prometheus.CounterOpts{Name: "furniture"}),
	}).handle
}
