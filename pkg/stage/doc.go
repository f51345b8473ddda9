// Package stage runs one function over one arrow of the pipeline.
//
// The life of a message in a stage:
//
//  1. It is pulled, never more at a time than there are free places in flight.
//  2. While it is in hand, the server hears a sign of life, so that slow work is
//     not delivered twice.
//  3. It is decoded. What cannot be decoded goes to quarantine.
//  4. The handler is called, with a deadline, in a span that continues the trace
//     of the message's headers. A panic is a permanent error.
//  5. What the handler returns is published, with deterministic ids, and
//     confirmed by the server. A full stream or a lost connection makes the
//     message wait in hand: that is the back-pressure. What the server would
//     never take (too large, malformed) sends the message to quarantine.
//  6. Only then is the message acknowledged, and its one outcome counted.
//
// When the process stops, it finishes what it has in hand, and gives back what
// waits for space or takes too long.
//
// A crash between any two steps repeats work and loses none. The repeat
// publishes the same ids, which the server refuses as duplicates within the
// stream's window.
//
// A handler says what is to happen by what it returns: outputs, or one of the
// verdicts Drop, Duplicate, Permanent, RetryAfter and Defer. Any other error is
// retried with exponential, fully jittered delay, and quarantined when the
// attempts are spent.
package stage
