package neardup_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	p := paragraphs(ferry)
	for name, tt := range map[string]struct {
		text string
		want neardup.Kind
	}{
		"the same":               {ferry, neardup.Copy},
		"other typography":       {strings.NewReplacer(`"`, "”", " — ", " – ", "\n\n", "\n").Replace(strings.ToUpper(ferry)), neardup.Copy},
		"an agency's line":       {"HARWICH, May 6 (Northern Press) - " + strings.TrimPrefix(ferry, "HARWICH — "), neardup.Copy},
		"a footer":               {ferry + "\n\nReporting by Ann Lowe; editing by Tom Marsh", neardup.Copy},
		"edited":                 {edited(ferry, 25), neardup.Near},
		"without its end":        {strings.Join(p[:4], "\n\n"), neardup.Near},
		"without its opening":    {strings.Join(p[1:], "\n\n"), neardup.Near},
		"two paragraphs":         {strings.Join(p[:2], "\n\n"), neardup.Part},
		"the lead":               {p[0], neardup.Part},
		"the lead after a line":  {"Northern Press — " + p[0], neardup.Part},
		"a piece of its middle":  {p[3], neardup.None},
		"another story":          {orchard, neardup.None},
		"another, with a shared": {strings.Join(append(paragraphs(orchard), p[0]), "\n\n"), neardup.None},
		"another, shared first":  {p[0] + "\n\n" + orchard, neardup.None},
		"a few of its words":     {"The overnight ferry to Esbjerg returned to port on Tuesday", neardup.None},
		"rewritten":              {edited(ferry, 3), neardup.None},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := neardup.Compare(signed(ferry), signed(tt.text))
			require.Equal(t, tt.want.String(), m.Kind.String(), "%+v", m)
			require.Equal(t, m, neardup.Compare(signed(tt.text), signed(ferry)), "whichever comes first")
			if tt.want == neardup.Part {
				require.Greater(t, m.Containment, float32(0.7))
				require.Less(t, m.Similarity, float32(0.5))
			}
		})
	}
}

func TestCompareUnpartedScripts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, near, other string }{
		"Chinese": {
			"渡轮公司周二表示,一艘开往埃斯比约的夜班渡轮因洗衣房起火返回港口,两层甲板被浓烟笼罩,无人受伤。两百多名乘客在候船大厅和两家酒店过夜,多数人第二天早上乘另一艘船出发。",
			"渡轮公司周二表示,一艘开往埃斯比约的夜班渡轮因洗衣房起火返回港口,两层甲板被浓烟笼罩,无人受伤。两百多名乘客在候船大厅和两家酒店过夜,多数人周三早上乘另一艘船出发。",
			"山谷里的果农预计今年苹果收成将是一代人以来最少的一年,四月下旬连续三夜的霜冻冻坏了低坡上的花。合作社说,它只签下了往年三分之一的水果,将只开一条生产线而不是四条。",
		},
		"Thai": {
			"เรือข้ามฟากกลางคืนกลับเข้าท่าเมื่อวันอังคารหลังเกิดไฟไหม้ในห้องซักรีด ควันเต็มสองชั้น บริษัทเดินเรือกล่าวว่าไม่มีผู้บาดเจ็บ ผู้โดยสารพักค้างคืนที่อาคารผู้โดยสารและโรงแรมสองแห่ง",
			"เรือข้ามฟากกลางคืนกลับเข้าท่าเมื่อวันพุธหลังเกิดไฟไหม้ในห้องซักรีด ควันเต็มสองชั้น บริษัทเดินเรือกล่าวว่าไม่มีผู้บาดเจ็บ ผู้โดยสารพักค้างคืนที่อาคารผู้โดยสารและโรงแรมสองแห่ง",
			"ชาวสวนในหุบเขาคาดว่าผลผลิตแอปเปิลปีนี้จะน้อยที่สุดในรอบหลายสิบปี หลังจากน้ำค้างแข็งสามคืนในปลายเดือนเมษายนทำลายดอกไม้บนเนินเขาด้านล่าง สหกรณ์จะเดินเครื่องเพียงสายเดียว",
		},
	} {
		require.Equal(t, neardup.Near, neardup.Compare(signed(tt.text), signed(tt.near)).Kind, name)
		require.Equal(t, neardup.None, neardup.Compare(signed(tt.text), signed(tt.other)).Kind, name)
		require.False(t, signed(tt.text).Short(), name)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n", "… — !", "🙂🙂", "\u00ad\u200b"} {
		_, ok := neardup.Sign(text)
		require.False(t, ok, "%q has no words", text)
	}
	same := signed("The ferry's crew put the fire out").Exact
	for _, text := range []string{"the FERRY’S crew… put the fire out!", "The fer\u00adry's\ncrew put the fire out", "The ferry's crew put the ﬁre out"} {
		require.Equal(t, same, signed(text).Exact, "%q", text)
	}
	require.NotEqual(t, same, signed("The crew put the ferry's fire out").Exact, "words have an order")
	require.NotEqual(t, signed("ab c").Exact, signed("a bc").Exact)
	require.NotEqual(t, signed("港口").Exact, signed("港").Exact)

	require.True(t, signed("港口重新开放").Short())
	require.True(t, signed("The ferry's crew put the fire out").Short())
	require.False(t, signed(ferry).Short())
	require.EqualValues(t, 8, signed(strings.Repeat("one two three four five six seven eight ", 40)).Shingles, "a set")
}

func TestShortTextsAreComparedByIdentity(t *testing.T) {
	t.Parallel()
	a := "Follow our live coverage of the vote in all nine districts here"
	require.Equal(t, neardup.Copy, neardup.Compare(signed(a), signed(strings.ToUpper(a)+"!")).Kind)
	require.Equal(t, neardup.None, neardup.Compare(signed(a), signed(a+" tonight")).Kind)
	require.Equal(t, neardup.None, neardup.Compare(signed(a), signed(a+" "+ferry)).Kind)
}

func FuzzSign(f *testing.F) {
	for _, seed := range []string{"", ferry, "港口。open ไทย", "\xff\xfe", "a\u0300\u0301", strings.Repeat("a ", 100)} {
		f.Add(seed, orchard)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, okX := neardup.Sign(a)
		y, okY := neardup.Sign(b)
		if !okX || !okY {
			return
		}
		require.Equal(t, neardup.Copy, neardup.Compare(&x, &x).Kind)
		m := neardup.Compare(&x, &y)
		require.Equal(t, m, neardup.Compare(&y, &x))
		for _, share := range []float32{m.Similarity, m.Containment} {
			require.True(t, 0 <= share && share <= 1)
		}
		roundTrip(t, &neardup.Record{Article: "a1", Revision: 1, Signature: x})
	})
}

func BenchmarkSign(b *testing.B) {
	text := (ferry + "\n\n" + orchard + "\n\n" + edited(ferry, 4) + "\n\n" + orchard)[:3<<10]
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		neardup.Sign(text)
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := signed(ferry), signed(orchard)
	for b.Loop() {
		neardup.Compare(x, y)
	}
}
