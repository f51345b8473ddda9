package agency_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/internal/newsform"
	"github.com/dateline-news/dateline/services/parser/internal/agency"
	"github.com/dateline-news/dateline/services/parser/internal/mainbody"
)

var now = time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)

func read(t *testing.T, form newsform.Form, text string) *agency.Story {
	t.Helper()
	s, err := agency.Parse(form, []byte(text), now)
	require.NoError(t, err)
	return s
}

func TestStatusOfNITF(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"usable": "usable", "embargoed": "withheld", "withheld": "withheld", "canceled": "canceled", "Cancelled": "canceled", "": "", "other": "",
	} {
		s := read(t, newsform.NITF, `<nitf><head><docdata management-status="`+given+`"/></head></nitf>`)
		require.Equal(t, want, s.Status, given)
	}
}

func TestUrgency(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]uint32{`1`: 1, `"8"`: 0, `8`: 8, `9`: 0, `0`: 0, `-1`: 0, `"high"`: 0, `1e99`: 0} {
		require.Equal(t, want, read(t, newsform.NinJS, `{"uri":"x","urgency":`+given+`}`).Urgency, given)
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`qcode="medtop:20000148"`: "medtop:20000148", `qcode="subj:01000000"`: "subj:01000000", `qcode="20000148"`: "medtop:20000148",
		`qcode="15054000"`: "subj:15054000", `qcode="agency:XYZ"`: "agency:XYZ",
		`uri="http://cv.iptc.org/newscodes/mediatopic/20000148"`: "medtop:20000148", `uri="http://cv.iptc.org/newscodes/subjectcode/15054000"`: "subj:15054000",
		`uri="https://agency.example/topics/storm"`: "", `literal="storm"`: "", `qcode="a b"`: "",
	}
	for attributes, want := range tests {
		s := read(t, newsform.NewsML, `<newsItem><contentMeta><subject `+attributes+`/><subject `+attributes+`/></contentMeta></newsItem>`)
		require.Equal(t, want, strings.Join(s.Subjects, " "), attributes)
	}
}

// The dateline that the format keeps apart opens the text, once.
func TestDatelineOpensTheText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The harbour opened.":                    "VESSMOUTH, March 3 (NNB) — The harbour opened.",
		"Vessmouth (NNB) - The harbour opened.":  "Vessmouth (NNB) - The harbour opened.",
		"VESSMOUTH, March 3 (NNB) - The harbour": "VESSMOUTH, March 3 (NNB) - The harbour",
	} {
		s := read(t, newsform.NITF, `<nitf><body><body.head><dateline><location>VESSMOUTH</location>, March 3 (NNB) -</dateline></body.head>`+
			`<body.content><hl2>Storm</hl2><p>`+text+`</p></body.content></body></nitf>`)
		require.Equal(t, "Storm", s.Pieces[0].Text)
		require.Equal(t, want, s.Pieces[1].Text)
	}
}

func TestDayGroups(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"031045 GMT MAR 26":       "2026-03-03T10:45 true",
		"NNB 031045Z MAR 2026":    "2026-03-03T10:45 true",
		"031045 mar 26":           "2026-03-03T10:45 false",
		"031045":                  "2026-03-03T10:45 false",
		"311045Z":                 "2026-01-31T10:45 true",
		"321045 MAR 26":           "",
		"call 031045 for tickets": "",
		"":                        "",
	} {
		for _, message := range []string{"\x01N1 4 i 9\r\n\x02A story.\r\n\x03\r\n" + line + "\r\n\x04", "\x01N1 4 i 9\r\n\x02A story.\r\n" + line + "\r\n\x03"} {
			s := read(t, newsform.IPTC7901, message)
			got := ""
			if !s.Published.Time.IsZero() {
				got = fmt.Sprint(s.Published.Time.Format("2006-01-02T15:04"), " ", s.Published.ZoneKnown)
			}
			require.Equal(t, want, got, line)
		}
	}
}

func TestLineBreaks(t *testing.T) {
	t.Parallel()
	s := read(t, newsform.NinJS, `{"uri":"x","body_xhtml":"One<br>two.<br/> <br/>Three. <b>Four</b>five."}`)
	require.Equal(t, []mainbody.Piece{{Kind: mainbody.Paragraph, Text: "One two."}, {Kind: mainbody.Paragraph, Text: "Three. Fourfive."}}, s.Pieces)
}

func TestHostileDocumentsEnd(t *testing.T) {
	t.Parallel()
	bomb := `<!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`
	tests := map[string]struct {
		form newsform.Form
		text string
		err  error
	}{
		"deep":            {newsform.NITF, strings.Repeat("<nitf>", 200), agency.ErrDeep},
		"deep HTML":       {newsform.NinJS, `{"uri":"x","body_xhtml":"` + strings.Repeat("<div>", 20_000) + `"}`, agency.ErrDeep},
		"many":            {newsform.NITF, "<nitf><body><body.content>" + strings.Repeat("<p/>", 400_000), agency.ErrDeep},
		"many attributes": {newsform.NITF, "<nitf " + strings.Repeat("a='b' ", 400_000) + "/>", agency.ErrDeep},
		"broken off":      {newsform.NITF, "<nitf><body><body.content><p>Half", agency.ErrMalformed},
		"nothing":         {newsform.NITF, "", agency.ErrMalformed},
		"no JSON":         {newsform.NinJS, "[]", agency.ErrMalformed},
		"deep JSON":       {newsform.NinJS, strings.Repeat(`{"uri":`, 20_000), agency.ErrMalformed},
		"no frame":        {newsform.IPTC7901, "text", nil},
		"entities":        {newsform.NITF, bomb + "<nitf><body><body.content><p>&b;&x;</p></body.content></body></nitf>", nil},
		"another form":    {"pdf", "", agency.ErrMalformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := agency.Parse(test.form, []byte(test.text), now)
			require.ErrorIs(t, err, test.err)
			if name == "entities" {
				require.Equal(t, "&b;&x;", s.Pieces[0].Text, "they are left as they are written")
			}
		})
	}
}

// fuzz checks what every reading promises, whatever the bytes.
func fuzz(f *testing.F, form newsform.Form) {
	samples, err := filepath.Glob("../../parse/testdata/agency/" + map[newsform.Form]string{
		newsform.NITF: "nitf*.xml", newsform.NewsML: "newsml*.xml", newsform.NinJS: "*.json", newsform.IPTC7901: "*.iptc",
	}[form])
	if err != nil || len(samples) == 0 {
		f.Fatal("no samples", err)
	}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		text = []byte(strings.ToValidUTF8(string(text), "\uFFFD"))
		s, err := agency.Parse(form, text, now)
		if err != nil {
			require.True(t, errors.Is(err, agency.ErrMalformed) || errors.Is(err, agency.ErrDeep), "%v", err)
			return
		}
		require.LessOrEqual(t, s.Urgency, uint32(8))
		require.Contains(t, []string{"", "usable", "withheld", "canceled"}, s.Status)
		for _, p := range s.Pieces {
			require.NotEmpty(t, p.Text)
			require.NotContains(t, p.Text, "\n\n")
			require.True(t, utf8.ValidString(p.Text))
		}
	})
}

func FuzzNITF(f *testing.F)     { fuzz(f, newsform.NITF) }
func FuzzNewsML(f *testing.F)   { fuzz(f, newsform.NewsML) }
func FuzzNinJS(f *testing.F)    { fuzz(f, newsform.NinJS) }
func FuzzIPTC7901(f *testing.F) { fuzz(f, newsform.IPTC7901) }
