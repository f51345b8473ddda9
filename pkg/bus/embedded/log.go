package embedded

import (
	"errors"
	"fmt"
	"sync/atomic"

	"go.uber.org/zap"
)

// serverLog passes on what the server logs, and catches what makes it give up, or
// close a stream for good: the server says so nowhere else.
type serverLog struct {
	log   *zap.Logger
	fatal chan string
	// full says that something could not be written for want of room.
	full atomic.Bool
}

func newServerLog(log *zap.Logger) *serverLog {
	if log == nil {
		log = zap.NewNop()
	}
	return &serverLog{log: log.Named("nats-server"), fatal: make(chan string, 1)}
}

// Noticef implements server.Logger. Notices are of no interest to whoever runs
// Dateline.
func (l *serverLog) Noticef(format string, v ...any) { l.log.Debug(fmt.Sprintf(format, v...)) }

// Warnf implements server.Logger.
func (l *serverLog) Warnf(format string, v ...any) { l.log.Warn(fmt.Sprintf(format, v...)) }

// Errorf implements server.Logger.
func (l *serverLog) Errorf(format string, v ...any) {
	for _, value := range v {
		if err, ok := value.(error); ok && errors.Is(err, errDiskFull) {
			l.full.Store(true)
		}
	}
	l.log.Error(fmt.Sprintf(format, v...))
}

// Debugf implements server.Logger.
func (l *serverLog) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (l *serverLog) Tracef(string, ...any) {}

// Fatalf implements server.Logger. The server expects the process to end here;
// Start returns an error instead.
func (l *serverLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Error(text)
	select {
	case l.fatal <- text:
	default:
	}
}
