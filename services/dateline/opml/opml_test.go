package opml_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"google.golang.org/protobuf/proto"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/opml"
)

const list = `<?xml version="1.0" encoding="%s"?>
<!-- exported by a reader -->
<opml version="2.0"><head><title>Abonnements</title></head><body>
<outline text="Afrique">
  <outline text="Sahel">
    <outline text="Le Fleuve" type="rss" xmlUrl=" https://fleuve.example/flux.xml " htmlUrl="https://fleuve.example/"/>
  </outline>
  <outline title="Côte" text="cote" xmlUrl="https://cote.example/atom.xml" category="/Économie/Pêche,mer,desk=ouest"/>
</outline>
<outline text="no feed"/>
<outline xmlURL="https://tout.example/rss"/>
</body></opml>`

func listIn(t testing.TB, label string, e encoding.Encoding) string {
	t.Helper()
	text, err := e.NewEncoder().String(fmt.Sprintf(list, label))
	require.NoError(t, err)
	return text
}

func TestRead(t *testing.T) {
	t.Parallel()
	want := []*datelinev1.Feed{
		{Url: "https://fleuve.example/flux.xml", Title: "Le Fleuve", SiteUrl: "https://fleuve.example/", Labels: map[string]string{"Afrique": "", "Sahel": ""}},
		{Url: "https://cote.example/atom.xml", Title: "Côte", Labels: map[string]string{"Afrique": "", "Économie": "", "Pêche": "", "mer": "", "desk": "ouest"}},
		{Url: "https://tout.example/rss"},
	}
	for name, text := range map[string]string{
		"utf-8":               listIn(t, "UTF-8", encoding.Nop),
		"byte order mark":     "\ufeff" + listIn(t, "utf-8", encoding.Nop),
		"latin 1":             listIn(t, "ISO-8859-1", charmap.ISO8859_1),
		"windows":             listIn(t, "windows-1252", charmap.Windows1252),
		"utf-16":              listIn(t, "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"utf-16, big endian":  listIn(t, "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)),
		"names in other case": strings.NewReplacer("outline", "OUTLINE", "opml", "OPML", "xmlUrl", "XMLURL").Replace(listIn(t, "utf-8", encoding.Nop)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			feeds, err := opml.Read(strings.NewReader(text))
			require.NoError(t, err)
			require.Len(t, feeds, len(want))
			for i := range want {
				require.True(t, proto.Equal(want[i], feeds[i]), "%v\n%v", want[i], feeds[i])
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`<outline text="f">`, 5000) + `<outline xmlUrl="https://a.example/"/>`
	for name, test := range map[string]struct{ text, want string }{
		"nothing":       {"", "this is no OPML"},
		"plain text":    {"https://example.org/feed.xml\n", "this is no OPML"},
		"a page":        {"<!doctype html><html><body>subscribe</body></html>", "this is no OPML"},
		"a feed":        {`<rss version="2.0"><channel/></rss>`, "this is no OPML"},
		"binary":        {"\x89PNG\r\n\x1a\n\x00\x00", "this is no OPML"},
		"no feeds":      {`<opml version="2.0"><body><outline text="empty"/></body></opml>`, "no outline with an xmlUrl"},
		"cut off":       {`<opml version="2.0"><body><outline text="x" xmlUrl="https://exa`, "unexpected EOF"},
		"unknown words": {`<?xml version="1.0" encoding="klingon"?><opml/>`, "this is no OPML"},
		"nested deep":   {"<opml><body>" + deep, "nested deeper than 32"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := opml.Read(strings.NewReader(test.text))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestReadRefusesALargeFile(t *testing.T) {
	t.Parallel()
	large := "<opml><body>" + strings.Repeat(`<outline text="no feed"/>`, 1<<16)
	_, err := opml.ReadAtMost(strings.NewReader(large), 1<<20)
	require.ErrorContains(t, err, "the file is larger than 1 MiB")
}

// TestEntitiesAreNotExpanded holds the reader against a file of a kilobyte that
// stands for a gigabyte.
func TestEntitiesAreNotExpanded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY l0 "ha">`)
	for i := range 30 {
		fmt.Fprintf(&b, `<!ENTITY l%d "&l%d;&l%d;">`, i+1, i, i)
	}
	b.WriteString(`]><opml version="2.0"><body><outline text="&l30;" xmlUrl="https://a.example/feed"/></body></opml>`)
	feeds, err := opml.Read(strings.NewReader(b.String()))
	require.NoError(t, err)
	require.Equal(t, "https://a.example/feed", feeds[0].GetUrl())
	require.Equal(t, "&l30;", feeds[0].GetTitle())
}

func TestWriteThenRead(t *testing.T) {
	t.Parallel()
	want := []*datelinev1.Feed{
		{Url: "https://a.example/feed?x=1&y=2", Title: `Quotes " & <tags>`, SiteUrl: "https://a.example/", Labels: map[string]string{"News, World/Asia": "", "desk": "a=b, 100%"}},
		{Url: "https://b.example/", Title: "نبأ"},
	}
	var b bytes.Buffer
	given := []*datelinev1.Feed{proto.CloneOf(want[0]), want[1]}
	given[0].Headers = map[string]string{"Authorization": "Bearer s3cret"}
	require.NoError(t, opml.Write(&b, given))
	require.NotContains(t, b.String(), "s3cret")
	got, err := opml.Read(&b)
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i := range want {
		require.True(t, proto.Equal(want[i], got[i]), "%v\n%v", want[i], got[i])
	}
}

// FuzzRead: whatever is read can be written and read again, and says the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(listIn(f, "utf-8", encoding.Nop)))
	f.Add([]byte(listIn(f, "ISO-8859-1", charmap.ISO8859_1)))
	f.Add([]byte(listIn(f, "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))))
	f.Add([]byte(`<opml><outline xmlUrl="a" category="%2C,%,=,x==y,%00"><outline xmlurl="b"/></opml>`))
	f.Add([]byte("<opml><outline text='&#0;&#xd800;\u202e' xmlUrl='\x01'>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		feeds, err := opml.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var written bytes.Buffer
		require.NoError(t, opml.Write(&written, feeds))
		again, err := opml.Read(bytes.NewReader(written.Bytes()))
		require.NoError(t, err)
		require.Len(t, again, len(feeds))
		var rewritten bytes.Buffer
		require.NoError(t, opml.Write(&rewritten, again))
		require.Equal(t, written.String(), rewritten.String())
	})
}
