// Package language tells the language of a news text.
//
// The method is that of lingua (Peter M. Stahl, github.com/pemistahl/lingua-go,
// Apache-2.0), computed from its own models in another way. Lingua takes three
// steps. First, scripts and letters that one language has for itself vote word
// by word (Greek letters, ß, ů). Second, the script of most words, and letters
// that a few languages share, narrow the languages. Third, each language that
// is left is charged for the distinct n-grams of the words: the negative
// logarithm of the probability of the last letter after the others, and for an
// n-gram that the language lacks that of its longest known prefix; the cheapest
// wins. From 120 letters on trigrams alone decide; below, n-grams of one to
// five letters do, divided by the number of distinct letters.
//
// Lingua keeps a map per language and order, 50 MB for trigrams and 1 GB for
// all, and looks each n-gram up in up to 75 of them. Here one table (see
// package ngram) goes from an n-gram to the languages that have it, so each is
// looked up once. It holds all of lingua's n-grams up to three letters, which
// gives lingua's own answer from 120 letters on, and of the 7.3 million longer
// ones the 200,000 that matter most in running text, each with all its
// languages; so short texts are told much as by lingua's high accuracy mode,
// and better than by its low one. The table is built by package gen from the
// model files in lingua's module and embedded; the process needs neither lingua
// nor its models.
//
// Of a text of 2,000 bytes or more eight pieces are read, evenly spread. If they
// are in one script and the second language is far behind, that is the answer;
// else title and text are read up to 4,096 letters, without markup, addresses,
// handles and tickers; capitals are lowered, so a text in capitals is no
// special case. A text mostly in a script that no language here uses has no
// language, whatever Latin words stand in it: there lingua would guess.
//
// The confidence is calibrated: it is the share of right answers that texts of
// this kind, with this distance between the two best languages, have had.
package language

//go:generate go run ./gen
