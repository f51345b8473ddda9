package topology

import "github.com/nats-io/nats.go/jetstream"

// Implied are the options that streams were made with, as far as they show: most of
// their limits are shares of one store.
func Implied(have []jetstream.StreamConfig) Options {
	shares := map[string]int64{}
	for _, cfg := range Streams(Options{MaxStore: 100}) {
		shares[cfg.Name] = cfg.MaxBytes
	}
	o := Options{Replicas: 1}
	votes := map[int64]int{}
	for _, cfg := range have {
		o.Replicas = max(o.Replicas, cfg.Replicas)
		share := shares[cfg.Name]
		if share == 0 || cfg.MaxBytes < share {
			continue
		}
		store := cfg.MaxBytes / share * 100
		votes[store]++
		if n, most := votes[store], votes[o.MaxStore]; n > most || n == most && store > o.MaxStore {
			o.MaxStore = store
		}
	}
	return o
}

// CompareStream lists in what a stream is not what this package makes: its storage, too,
// which Ensure leaves as it is, since no server changes it.
func CompareStream(have, want jetstream.StreamConfig) []Difference {
	all := compare(have, want)
	if have.Storage != want.Storage {
		all = append(all, Difference{Setting: "storage", Have: settingValue(have.Storage), Want: settingValue(want.Storage)})
	}
	return all
}

// CompareConsumer lists in what a stage's consumer is not what this package makes.
func CompareConsumer(have jetstream.ConsumerConfig, s Stage, o Options) []Difference {
	return compare(normalConsumer(have), s.Consumer(o))
}
