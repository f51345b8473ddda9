package main

import (
	"encoding/binary"
	"math"
	"sort"
)

// gazetteer builds the file that package place embeds. All numbers are little
// endian; the layout is:
//
//	magic "DLPLACE1"
//	u32 cities, u32 countries, u32 bytes of the names
//	cities × { i32 lat, i32 lon in 1/100,000°; u32 population; u32 offset of the name; country [2]; region [2] }
//	countries × code [2]
//	names: { u8 length, bytes }
//	table of the cities' names, table of the countries' names
//
// and a table is:
//
//	u32 blocks, u32 bytes of the entries
//	blocks × u32 offset
//	entries in the order of their keys, blockSize a block:
//	{ u8 bytes shared with the key before, u8 further bytes, bytes, uvarint n, n × uvarint number }
func gazetteer(packages string) ([]byte, error) {
	geo, err := geonames.open(packages, func(path string) bool { return path == "cities1000.txt" })
	if err != nil {
		return nil, err
	}
	cities, err := readCities(geo["cities1000.txt"])
	if err != nil {
		return nil, err
	}
	names := claimNames(cities)
	dates, err := cldrDates.open(packages, cldrFile("timeZoneNames.json"))
	if err != nil {
		return nil, err
	}
	if err := claimExemplars(dates, cities, names); err != nil {
		return nil, err
	}
	if err := correct(cities, names); err != nil {
		return nil, err
	}
	local, err := cldrNames.open(packages, cldrFile("territories.json"))
	if err != nil {
		return nil, err
	}
	countries, err := claimCountries(local)
	if err != nil {
		return nil, err
	}
	return encode(cities, names, countries), nil
}

func encode(cities []city, names claims, countries map[string]map[string]int) []byte {
	codes := map[string]int{}
	var codeList []string
	for _, claimed := range countries {
		for code := range claimed {
			if _, ok := codes[code]; !ok {
				codes[code] = 0
				codeList = append(codeList, code)
			}
		}
	}
	sort.Strings(codeList)
	for i, code := range codeList {
		codes[code] = i
	}
	var records, blob []byte
	offsets := map[string]uint32{}
	le := binary.LittleEndian
	for _, c := range cities {
		at, ok := offsets[c.name]
		if !ok {
			at = uint32(len(blob))
			offsets[c.name] = at
			blob = append(append(blob, byte(len(c.name))), c.name...)
		}
		records = le.AppendUint32(records, uint32(int32(math.Round(c.lat*1e5))))
		records = le.AppendUint32(records, uint32(int32(math.Round(c.lon*1e5))))
		records = le.AppendUint32(records, uint32(c.population))
		records = le.AppendUint32(records, at)
		records = append(records, pair(c.country)...)
		records = append(records, pair(c.region)...)
	}
	out := []byte("DLPLACE1")
	out = le.AppendUint32(out, uint32(len(cities)))
	out = le.AppendUint32(out, uint32(len(codeList)))
	out = le.AppendUint32(out, uint32(len(blob)))
	out = append(out, records...)
	for _, code := range codeList {
		out = append(out, code...)
	}
	out = append(out, blob...)

	cityTable := map[string][]int{}
	for key, claim := range names {
		cityTable[key] = byClaim(claim, cities)
	}
	countryTable := map[string][]int{}
	for key, claim := range countries {
		for _, code := range ranked(claim) {
			countryTable[key] = append(countryTable[key], codes[code])
		}
	}
	return appendTable(appendTable(out, cityTable), countryTable)
}

// pair is a code of two bytes, or two zeros.
func pair(code string) []byte {
	if len(code) != 2 {
		return []byte{0, 0}
	}
	return []byte(code)
}

// byClaim orders the cities of one name by prominence times the weight of their
// claim to it.
func byClaim(claim map[int]int, cities []city) []int {
	ids := make([]int, 0, len(claim))
	for id := range claim {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool {
		a, b := ids[i], ids[j]
		pa, pb := claim[a]*cities[a].prominence(), claim[b]*cities[b].prominence()
		if pa != pb {
			return pa > pb
		}
		return a < b
	})
	return ids
}

// blockSize is how many entries share one offset: more make the file smaller and
// the search longer.
const blockSize = 16

func appendTable(out []byte, table map[string][]int) []byte {
	keys := make([]string, 0, len(table))
	for key := range table {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	var offsets, entries []byte
	le := binary.LittleEndian
	for i, key := range keys {
		shared := 0
		if i%blockSize == 0 {
			offsets = le.AppendUint32(offsets, uint32(len(entries)))
		} else {
			for last := keys[i-1]; shared < min(len(last), len(key), math.MaxUint8) && last[shared] == key[shared]; {
				shared++
			}
		}
		entries = append(entries, byte(shared), byte(len(key)-shared))
		entries = append(entries, key[shared:]...)
		entries = binary.AppendUvarint(entries, uint64(len(table[key])))
		for _, n := range table[key] {
			entries = binary.AppendUvarint(entries, uint64(n))
		}
	}
	out = le.AppendUint32(out, uint32(len(offsets)/4))
	out = le.AppendUint32(out, uint32(len(entries)))
	return append(append(out, offsets...), entries...)
}
