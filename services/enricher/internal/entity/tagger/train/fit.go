package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"

	"github.com/dateline-news/dateline/services/enricher/internal/entity/tagger"
)

// snapshots is how often an epoch the weights are added to the average.
const snapshots = 4

// train fits the field to the documents, several times by chance: what chance did to
// the weights is evened out in their average.
func train(docs []annotated, o options) tagger.Weights {
	l := &learner{o: o}
	sentences := l.index(docs)
	fmt.Fprintf(os.Stderr, "%d sentences, %d features\n", len(sentences), len(l.keys))
	fits := make([]*learner, o.runs)
	var running sync.WaitGroup
	for run := range fits {
		fits[run] = &learner{o: o, random: rand.New(rand.NewPCG(1, 2+uint64(run)))}
		running.Go(func() { fits[run].fit(slices.Clone(sentences), len(l.keys)) })
	}
	running.Wait()
	l.gather(fits)
	return tagger.Weights{Keys: l.keys, Sightings: l.sightings, Rows: l.sums, Steps: l.sumSteps}
}

// fit fits a field of so many features from nothing.
func (l *learner) fit(sentences []sentence, features int) {
	l.rows, l.moved, l.sums = make([][tags]float32, features), make([][tags]float32, features), make([][tags]float32, features)
	for shape := range l.factors {
		l.factor(shape)
	}
	for epoch := range l.o.epochs {
		l.random.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
		loss := 0.0
		last := epoch >= l.o.epochs-l.o.averaged
		for i := range sentences {
			loss += l.learn(&sentences[i])
			if part := len(sentences) / snapshots; last && (part == 0 || (i+1)%part == 0) {
				l.sum()
			}
		}
		fmt.Fprintf(os.Stderr, "epoch %d: loss %.4f a sentence\n", epoch+1, loss/float64(len(sentences)))
	}
}

// gather makes one average of the sums of all fits, in their order.
func (l *learner) gather(fits []*learner) {
	l.sums = make([][tags]float32, len(l.keys))
	for _, fit := range fits {
		share := 1 / float32(max(fit.summed, 1)*len(fits))
		for f := range fit.sums {
			for t, v := range fit.sums[f] {
				l.sums[f][t] += share * v
			}
		}
		for shape := range fit.sumSteps {
			for a := range tags {
				for b, v := range fit.sumSteps[shape][a] {
					l.sumSteps[shape][a][b] += share * v
				}
			}
		}
	}
}

// sum adds the weights to the average that the model is made of (Polyak
// and Juditsky, SIAM Journal on Control and Optimization 1992).
func (l *learner) sum() {
	l.summed++
	for f := range l.rows {
		for t, v := range l.rows[f] {
			l.sums[f][t] += v
		}
	}
	for shape := range l.steps {
		for a := range tags {
			for b, v := range l.steps[shape][a] {
				l.sumSteps[shape][a][b] += v
			}
		}
	}
}
