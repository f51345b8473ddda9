package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/pflag"
)

// maxSuggest bounds the length of names that suggestions are sought for.
const maxSuggest = 100

// nearest is the candidate that name most likely meant: the one with the fewest
// edits, if these are at most a third of the name (one in a short name, two in a
// longer one), else one that ends in the same word. Empty if none is near.
func nearest(name string, candidates []string) string {
	if len(name) > maxSuggest {
		return ""
	}
	best, fewest := "", 2
	if len(name) > 4 {
		fewest = max(2, len(name)/3) + 1
	}
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(name, c); d < fewest {
			best, fewest = c, d
		}
	}
	if best != "" {
		return best
	}
	word := "." + name[strings.LastIndexByte(name, '.')+1:]
	for _, c := range candidates {
		if strings.HasSuffix(c, word) {
			return c
		}
	}
	return ""
}

// nearestEnv is nearest for variables, whose common prefix says nothing.
func nearestEnv(name string, candidates []string) string {
	bare := make([]string, len(candidates))
	for i, c := range candidates {
		bare[i] = strings.TrimPrefix(c, envPrefix)
	}
	if best := nearest(strings.TrimPrefix(name, envPrefix), bare); best != "" {
		return envPrefix + best
	}
	return ""
}

// FlagError adds the most similar flag to the error of one that is unknown.
func FlagError(fs *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	fs.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if best := nearest(unknown.GetSpecifiedName(), names); best != "" {
		return fmt.Errorf("%w: did you mean --%s?", err, best)
	}
	return err
}
