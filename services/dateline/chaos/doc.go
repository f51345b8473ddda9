// Package chaos proves by fault, under load, that Dateline loses nothing and
// doubles nothing: its tests run the services and the broker as processes of
// their own, send articles through that are all known, break something, and then
// read from the streams what became of each article.
//
// `go test` runs a short form; `make chaos` runs every fault at full size and
// writes the figures into docs/reliability.md.
package chaos
