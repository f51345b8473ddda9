//go:build race

package language_test

// raceEnabled says that the race detector is on: it empties sync.Pools at
// random and makes lingua very slow.
const raceEnabled = true
