// Package neardup finds articles with nearly the same text, and keeps them in
// clusters.
//
// A text becomes a Signature of some 300 bytes. Its words are taken by threes
// (shingles; Broder, "On the resemblance and containment of documents", 1997);
// the set of shingles is sketched by 128 MinHash values, of each of which one byte
// is kept (Li and König, "b-Bit Minwise Hashing", 2010). The share of equal bytes
// estimates the Jaccard similarity of two texts with a standard error of at most
// 0.045. A second sketch holds the lowest hashes of the text's opening, by which
// the share of a short text that opens a long one is estimated well where
// Jaccard's measure says little: the same shingles are drawn on both sides.
//
// An Index holds the signatures of the last articles. It finds those to compare
// by bands of the sketch (locality-sensitive hashing; Leskovec, Rajaraman and
// Ullman, "Mining of Massive Datasets", chapter 3) and by the openings. What it
// decides follows from the records applied and their order alone, so that all
// replicas that read one stream have the same clusters.
package neardup
