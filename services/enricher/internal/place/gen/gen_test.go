package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pack writes a package's tarball as npm does and returns its description.
func pack(t *testing.T, dir, name string, files map[string]string) source {
	t.Helper()
	var raw bytes.Buffer
	zw := gzip.NewWriter(&raw)
	tw := tar.NewWriter(zw)
	for path, content := range files {
		require.NoError(t, tw.WriteHeader(&tar.Header{Name: "package/" + path, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}))
		_, err := tw.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, tw.Close())
	require.NoError(t, zw.Close())
	sum := sha512.Sum512(raw.Bytes())
	s := source{name, "1.0.0", hex.EncodeToString(sum[:])}
	require.NoError(t, os.WriteFile(filepath.Join(dir, s.file()), raw.Bytes(), 0o644))
	return s
}

func TestOpenChecksTheContent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := pack(t, dir, "sample", map[string]string{"a.txt": "one", "b.txt": "two"})
	files, err := s.open(dir, func(path string) bool { return path == "a.txt" })
	require.NoError(t, err)
	require.Equal(t, archive{"a.txt": []byte("one")}, files)

	s.sha512 = strings.Repeat("0", 128)
	_, err = s.open(dir, func(string) bool { return true })
	require.ErrorContains(t, err, "is not the pinned package")
}

func row(name, alternates, lat, lon, feature, country, admin, population, zone string) string {
	f := make([]string, columns)
	f[colName], f[colASCII], f[colAlternates], f[colLat], f[colLon] = name, name, alternates, lat, lon
	f[colFeature], f[colCountry], f[colAdmin], f[colPopulation], f[colZone] = feature, country, admin, population, zone
	return strings.Join(f, "\t") + "\n"
}

func TestReadCities(t *testing.T) {
	t.Parallel()
	cities, err := readCities([]byte(
		row("Midtown", "", "1", "2", "PPL", "CA", "08", "40000", "America/Toronto") +
			row("Hamlet", "", "1", "2", "PPL", "FR", "", "900", "Europe/Paris") +
			row("Smallcapital", "Petite capitale,smkptl,SCP", "1", "2", "PPLC", "NR", "", "700", "Pacific/Nauru") +
			row("Quarter", "", "1", "2", "PPLX", "FR", "", "90000", "Europe/Paris")))
	require.NoError(t, err)
	require.Len(t, cities, 2, "a hamlet and a part of a city are left out")
	require.Equal(t, "Midtown", cities[0].name)
	require.Equal(t, "ON", cities[0].region)

	names := claimNames(cities)
	require.Contains(t, names, "petite capitale")
	require.NotContains(t, names, "smkptl", "a transliteration")
	require.NotContains(t, names, "scp", "an airport code")

	_, err = readCities([]byte("too\tfew\n"))
	require.Error(t, err)
}

func TestByClaimPutsOwnNamesFirst(t *testing.T) {
	t.Parallel()
	cities := []city{{name: "Big", population: 300_000}, {name: "Small", population: 100_000}, {name: "Capital", population: 50_000, capital: true}}
	require.Equal(t, []int{1, 0, 2}, byClaim(map[int]int{0: alternateName, 1: ownName, 2: alternateName}, cities))
	require.Equal(t, []int{2, 1}, byClaim(map[int]int{1: ownName, 2: ownName}, cities))
}

func TestFormatWordsLeavesOutWhatIsBorrowed(t *testing.T) {
	t.Parallel()
	en, xx, yy := lexicon{}, lexicon{}, lexicon{}
	en.add("D-1", "yesterday")
	for i, m := range strings.Fields("una dua tria qua quin sex sep oct nov dec unde duode") {
		key := "M" + []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}[i]
		xx.add(key, m)
		yy.add(key, key)
	}
	xx.add("D-1", "yesterday")
	xx.add("D0", "l’hodie")
	out := string(formatWords(map[string]lexicon{"en": en, "xx": xx, "yy": yy}))
	require.Contains(t, out, "[en]\nD-1\tyesterday\n")
	require.Contains(t, out, "D0\tl'hodie\n")
	require.Equal(t, 1, strings.Count(out, "yesterday"))
	require.NotContains(t, out, "[yy]", "months without names")
}
