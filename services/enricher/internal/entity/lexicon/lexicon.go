// Package lexicon tells what classes a word belongs to: given names, surnames,
// function words, titles, offices, nouns of bodies, in many languages.
//
// Names are those of @faker-js/faker and @cspell/dict-people-names, function words
// those of stopwords-iso (all under the MIT licence; see NOTICE); the words of
// titles, offices and bodies are written here. The compiled table holds hashes
// only: it answers whether a word is in a list and cannot be read back.
package lexicon

import (
	_ "embed"
	"sync"
)

// Class is a set of classes of words.
type Class uint16

// The classes.
const (
	// Given is a given name in some language.
	Given Class = 1 << iota
	// Surname is a family name in some language.
	Surname
	// Part is met as part of a person's name, in which place is not known.
	Part
	// Stop is a function word, or another very common word, of the language.
	Stop
	// Town is a place of a thousand inhabitants or more, in one word.
	Town
	// Title stands before a person's name and is no part of it.
	Title
	// Body is a noun that names of organisations begin or end with.
	Body
	// Feature is a noun of landscape or settlement in names of places.
	Feature
	// Company is a legal form, such as "GmbH".
	Company
	// Speech is a verb of saying.
	Speech
	// Calendar is the name of a month or a day of the week.
	Calendar
	// Demonym is the adjective of a nation or a faith, or a name of its people, that
	// is printed with a capital and is no name.
	Demonym
)

// People are the classes of words in the names of people.
const People = Given | Surname | Part

//go:embed lexicon.bin
var packed string

const (
	magic = "DLLEX001"
	// indexBits is how many leading bits of a hash the index spans.
	indexBits = 14
)

// table is the compiled file: hashes in order and their classes.
type table struct {
	index, hashes, classes string
}

var load = sync.OnceValue(func() table {
	if len(packed) < len(magic)+4 || packed[:len(magic)] != magic {
		return table{}
	}
	rest := packed[len(magic):]
	n := int(u32(rest))
	rest = rest[4:]
	indexLen := (1<<indexBits + 1) * 4
	if len(rest) != indexLen+n*5 {
		return table{}
	}
	return table{index: rest[:indexLen], hashes: rest[indexLen : indexLen+4*n], classes: rest[indexLen+4*n:]}
})

func u32(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func (t table) find(hash uint32) Class {
	if t.index == "" {
		return 0
	}
	slot := int(hash>>(32-indexBits)) * 4
	for i, end := int(u32(t.index[slot:])), int(u32(t.index[slot+4:])); i < end; i++ {
		if u32(t.hashes[4*i:]) == hash {
			return Class(t.classes[i])
		}
	}
	return 0
}

// FNV-1a, 64 bits, folded.
const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

// Hash is the key of a word in lower case; lang is empty for names.
func Hash(lang, lower string) uint32 {
	h := uint64(offset64)
	for i := range len(lang) {
		h = (h ^ uint64(lang[i])) * prime64
	}
	h = (h ^ 0xff) * prime64
	for i := range len(lower) {
		h = (h ^ uint64(lower[i])) * prime64
	}
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return uint32(h >> 32)
}

// Of gives the classes of a word, in lower case with straight apostrophes, in
// the language with this ISO 639-1 code.
func Of(lang, lower string) Class {
	t := load()
	c := t.find(Hash("", lower)) | hand[lower]
	if lang != "" && t.find(Hash(lang, lower)) != 0 {
		c |= Stop
	}
	return c
}
