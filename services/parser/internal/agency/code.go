package agency

import (
	"slices"
	"strconv"
	"strings"
)

// urgency reads an editorial urgency: 1 is the highest, 8 the lowest; 9 and 0
// have no meaning that agencies share (IPTC IIM 4.2, 2:10).
func urgency(s string) uint32 {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 8)
	if err != nil || n < 1 || n > 8 {
		return 0
	}
	return uint32(n)
}

// status reads a publishing status: a word, a code ("stat:canceled") or a URI
// (NewsCodes, "pubstatusg2"). What is under embargo is withheld for now.
func status(s string) string {
	switch strings.ToLower(local(strings.TrimSpace(s))) {
	case "usable":
		return "usable"
	case "withheld", "embargoed":
		return "withheld"
	case "canceled", "cancelled":
		return "canceled"
	}
	return ""
}

// local is the part of a code or URI after its scheme.
func local(code string) string { return code[strings.LastIndexAny(code, ":/")+1:] }

// schemes are the vocabularies of NewsCodes, as their URIs name them, with the
// prefixes that codes are given under.
var schemes = [...]struct{ uri, prefix string }{
	{"mediatopic", "medtop"}, {"medtop", "medtop"}, {"subjectcode", "subj"}, {"subj", "subj"},
}

// subject adds a subject's code, with its vocabulary's prefix.
func (s *Story) subject(code, scheme string) {
	code = strings.TrimSpace(code)
	if strings.HasPrefix(code, "http") {
		code, scheme = local(code), code
	}
	if code == "" || len(code) > 100 || strings.ContainsAny(code, " \t\r\n") || len(s.Subjects) >= maxSubjects {
		return
	}
	if !strings.Contains(code, ":") {
		prefix := prefixOf(scheme)
		if prefix == "" && numbered(code) {
			prefix = newsCode(code)
		}
		if prefix == "" {
			return
		}
		code = prefix + ":" + code
	}
	if !slices.Contains(s.Subjects, code) {
		s.Subjects = append(s.Subjects, code)
	}
}

// prefixOf names a vocabulary by its URI or prefix.
func prefixOf(scheme string) string {
	scheme = strings.ToLower(scheme)
	for _, v := range schemes {
		if strings.Contains(scheme, v.uri) {
			return v.prefix
		}
	}
	return ""
}

func numbered(code string) bool {
	return len(code) == 8 && strings.Trim(code, "0123456789") == ""
}

// newsCode tells the two vocabularies with codes of eight digits apart: Media
// Topics are 01000000 to 17000000, and from 20000000 on; only the Subject Codes
// have others in between, such as 15054000.
func newsCode(code string) string {
	if code[0] == '2' {
		return "medtop"
	}
	return "subj"
}
