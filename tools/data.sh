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

# Words in the names of people, and function words, from npm packages pinned by
# their content.
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
node "$names/gen/names.mjs" "$work/@faker-js/faker/dist/index.js" >"$work/names.json"
go run "./$names/gen" -names "$work/names.json" -people "$work/@cspell/dict-people-names/dict/people-names.txt" \
	-stopwords "$work/stopwords-iso/stopwords-iso.json" -out "$names/lexicon.bin"

# The tagger's model, where the texts that NOTICE lists are at hand: in the folder
# that DATELINE_NER names, the annotated ones as *.jsonl.gz, the others in texts/, in
# the layout that the command describes. A first model is trained on the annotated
# texts and on the templates, it labels the others, and the model is trained on all.
# It prints the model's checksum, which is the same for the same texts.
if [[ -n "${DATELINE_NER:-}" ]]; then
	tagger=services/enricher/internal/entity/tagger
	go run "./$tagger/train" -data "$DATELINE_NER" -out "$tagger/model.bin"
fi

# The topic model, where the sentences of SIB-200 that NOTICE describes are at hand:
# in the file that DATELINE_SIB200 names, in the layout that the command describes.
if [[ -n "${DATELINE_SIB200:-}" ]]; then
	topic=services/enricher/internal/topic/model
	go run "./$topic/train" -data "$DATELINE_SIB200" -out "$topic/model.bin"
fi
