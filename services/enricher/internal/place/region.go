package place

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// newsNames are short names of countries and territories that news uses and CLDR
// does not list; by key.
var newsNames = map[string]string{
	"uk": "GB", "usa": "US", "us": "US", "uae": "AE", "drc": "CD", "england": "GB", "scotland": "GB",
	"wales": "GB", "northern ireland": "GB", "gaza strip": "PS", "west bank": "PS", "gaza": "PS",
	"bande de gaza": "PS", "cisjordanie": "PS", "gazastreifen": "PS", "westjordanland": "PS",
	"franja de gaza": "PS", "cisjordania": "PS", "striscia di gaza": "PS", "faixa de gaza": "PS",
	"holland": "NL", "czech republic": "CZ", "ivory coast": "CI", "rdc": "CD", "rd congo": "CD",
	"rca": "CF", "eua": "US", "eeuu": "US", "сша": "US", "рф": "RU", "оаэ": "AE",
	"قطاع غزة": "PS", "غزه": "PS",
}

// regionNames are the states and provinces of the United States and Canada, with
// the abbreviations of American newspapers (Associated Press style).
var regionNames = map[string]string{
	"US": `AL Alabama,Ala; AK Alaska; AZ Arizona,Ariz; AR Arkansas,Ark; CA California,Calif; CO Colorado,Colo;
CT Connecticut,Conn; DE Delaware,Del; FL Florida,Fla; GA Georgia,Ga; HI Hawaii; ID Idaho; IL Illinois,Ill;
IN Indiana,Ind; IA Iowa; KS Kansas,Kan; KY Kentucky,Ky; LA Louisiana,La; ME Maine; MD Maryland,Md;
MA Massachusetts,Mass; MI Michigan,Mich; MN Minnesota,Minn; MS Mississippi,Miss; MO Missouri,Mo;
MT Montana,Mont; NE Nebraska,Neb; NV Nevada,Nev; NH New Hampshire,N.H; NJ New Jersey,N.J;
NM New Mexico,N.M; NY New York,N.Y; NC North Carolina,N.C; ND North Dakota,N.D; OH Ohio; OK Oklahoma,Okla;
OR Oregon,Ore; PA Pennsylvania,Pa; RI Rhode Island,R.I; SC South Carolina,S.C; SD South Dakota,S.D;
TN Tennessee,Tenn; TX Texas,Tex; UT Utah; VT Vermont,Vt; VA Virginia,Va; WA Washington,Wash;
WV West Virginia,W.Va; WI Wisconsin,Wis; WY Wyoming,Wyo; DC District of Columbia,D.C`,
	"CA": `AB Alberta,Alta; BC British Columbia,B.C; MB Manitoba,Man; NB New Brunswick,N.B,Nouveau-Brunswick;
NL Newfoundland and Labrador,N.L,Terre-Neuve-et-Labrador; NS Nova Scotia,N.S,Nouvelle-Écosse; ON Ontario,Ont;
PE Prince Edward Island,P.E.I; QC Quebec,Que,Québec; SK Saskatchewan,Sask; YT Yukon; NT Northwest Territories,N.W.T;
NU Nunavut`,
}

// regions maps the keys of regionNames to their places.
var regions = readRegions()

func readRegions() map[string]Within {
	m := map[string]Within{}
	for country, list := range regionNames {
		for entry := range strings.SplitSeq(list, ";") {
			code, names, _ := strings.Cut(strings.TrimSpace(entry), " ")
			for name := range strings.SplitSeq(names, ",") {
				m[spelling.Key(name)] = Within{Country: country, Region: code}
			}
		}
	}
	return m
}
