package stagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
)

const (
	// flips is how many messages with flipped bits are made of each sample.
	flips = 64
	// hostileDeadline bounds one call of the handler, as the runner does.
	hostileDeadline = 30 * time.Second
)

// hostile delivers what no honest stage sends.
func (s Stage[In]) hostile(ctx context.Context) []string {
	var problems []string
	messages := hostileMessages(s.Samples)
	for _, name := range slices.Sorted(maps.Keys(messages)) {
		in, err := s.decode(messages[name])
		var panicked *decodePanic
		if errors.As(err, &panicked) {
			problems = append(problems, fmt.Sprintf("%s: %v", name, err))
		}
		if err != nil {
			continue
		}
		call, cancel := context.WithTimeout(ctx, hostileDeadline)
		r := s.deliver(call, in, 1)
		cancel()
		if r.panicked != nil {
			problems = append(problems, fmt.Sprintf("%s: the handler panicked: %v", name, r.panicked))
			continue
		}
		for _, problem := range s.outputs(r) {
			problems = append(problems, name+": "+problem)
		}
	}
	return problems
}

// hostileMessages are the same in every run, so that a finding can be repeated.
func hostileMessages(samples map[string]stage.Raw) map[string]stage.Raw {
	messages := map[string]stage.Raw{
		"empty":       {},
		"garbage":     {Data: []byte("\xff\xfe\x00<html>\x80")},
		"zeros":       {Data: make([]byte, 1<<16)},
		"not JSON":    typed(bus.TypeJSON, "", []byte("}{")),
		"null":        typed(bus.TypeJSON, "", []byte("null")),
		"deep JSON":   typed(bus.TypeJSON, "", []byte(strings.Repeat(`{"source":`, 20_000))),
		"not zstd":    typed(bus.TypeProtobuf, "zstd", []byte("<html>")),
		"zstd bomb":   typed(bus.TypeProtobuf, "zstd", bomb()),
		"encoding":    typed(bus.TypeProtobuf, "x-unknown", []byte("x")),
		"header junk": {Header: nats.Header{bus.HeaderContentType: {"\x00;;;="}, "traceparent": {"00-zz"}}},
	}
	// The sequence is fixed, so that a finding can be looked at again.
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		sample := samples[name]
		for _, part := range []int{1, 2, 3} {
			cut := clone(sample)
			cut.Data = cut.Data[:len(cut.Data)*part/4]
			messages[fmt.Sprintf("%s, cut after %d/4", name, part)] = cut
		}
		bare := clone(sample)
		bare.Header, bare.Subject = nil, ""
		messages[name+", without headers and subject"] = bare
		for i := range flips {
			if len(sample.Data) == 0 {
				break
			}
			flipped := clone(sample)
			for range 1 + random.IntN(8) {
				flipped.Data[random.IntN(len(flipped.Data))] ^= 1 << random.IntN(8)
			}
			messages[fmt.Sprintf("%s, with flipped bits, no. %d", name, i)] = flipped
		}
	}
	return messages
}

func typed(contentType, encoding string, data []byte) stage.Raw {
	header := nats.Header{bus.HeaderContentType: {contentType}}
	if encoding != "" {
		header.Set(bus.HeaderContentEncoding, encoding)
	}
	return stage.Raw{Header: header, Data: data}
}

// bomb is a small message of more than may be decompressed.
var bomb = sync.OnceValue(func() []byte {
	var buf bytes.Buffer
	w, err := zstd.NewWriter(&buf, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil
	}
	block := make([]byte, 1<<20)
	for range bus.MaxDecoded/len(block) + 1 {
		if _, err := w.Write(block); err != nil {
			return nil
		}
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return buf.Bytes()
})
