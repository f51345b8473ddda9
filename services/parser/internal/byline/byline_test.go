package byline

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		line string
		want []string
	}{
		{"By Miriam Okafor", []string{"Miriam Okafor"}},
		{"BY MIRIAM OKAFOR AND TOM REYES", []string{"Miriam Okafor", "Tom Reyes"}},
		{"Par Camille Dervaux, envoyée spéciale à Valmont", []string{"Camille Dervaux"}},
		{"Par Camille Dervaux et Luc Anselme", []string{"Camille Dervaux", "Luc Anselme"}},
		{"Von Jutta Sommerfeld und Georg Haslach", []string{"Jutta Sommerfeld", "Georg Haslach"}},
		{"Por Inés Carrasco Vela y Ramón Tejada", []string{"Inés Carrasco Vela", "Ramón Tejada"}},
		{"Miriam Okafor, Transport Correspondent", []string{"Miriam Okafor"}},
		{"Miriam Okafor (Example Agency) | Updated 3 May 2023", []string{"Miriam Okafor"}},
		{"Tom Reyes @tomreyes", []string{"Tom Reyes"}},
		{"Tom Reyes tom.reyes@courier.example", []string{"Tom Reyes"}},
		{"بقلم ليلى العمراني", []string{"ليلى العمراني"}},
		{"Karin Holt, PhD", []string{"Karin Holt"}},
		{"Sommerfeld, Jutta", []string{"Jutta Sommerfeld"}},
		{"Ludwig van Beek", []string{"Ludwig van Beek"}},
		{"Martin Luther K.", []string{"Martin Luther K."}},
		{"Northport Courier", nil},
		{"Staff Reporter", nil},
		{"admin", nil},
		{"14 March 2022", nil},
		{"https://courier.example/by/tom", nil},
		{"", nil},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, Names(tt.line, "Northport Courier"), tt.line)
	}
}

func TestFromListAcceptsSingleWords(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"Reuters", "Tom Reyes"}, FromList([]string{"Reuters", "By Tom Reyes", "Tom Reyes", "admin"}, ""))
}

func TestOpens(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"By Miriam Okafor":                            true,
		"Von Jutta Sommerfeld, Lindau":                true,
		"By the time the ferry came it was dark":      false,
		"Von der Brücke aus sah man den ganzen Hafen": false,
		"Miriam Okafor":                               false,
	} {
		require.Equal(t, want, Opens(line), line)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("By Jane Doe, John Roe and others (Agency)", "Site")
	f.Add("文/\xff", "")
	f.Fuzz(func(t *testing.T, line, site string) {
		for _, n := range append(Names(line, site), FromList([]string{line}, site)...) {
			require.True(t, utf8.ValidString(n))
			require.NotEmpty(t, n)
		}
		Opens(line)
		Label(line)
	})
}

func TestDesk(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"von Redaktion, 24. Januar 2022": "Redaktion", "Redaktion 1. November 2023 10:29": "Redaktion", "Von Redaktion -": "Redaktion",
		"Por Redacción Diario del Puerto": "Redacción Diario", "By Tom Reyes": "", "": "",
	} {
		require.Equal(t, want, Desk(in), in)
	}
}

func TestJobsAndAgenciesBehindANameAreLeftOut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"By Miriam Okafor The Associated Press": {"Miriam Okafor"}, "Miriam Okafor Writer": {"Miriam Okafor"}, "By Nelson C.J.": {"Nelson C.J."},
	} {
		require.Equal(t, want, Names(in, ""), in)
	}
	require.Empty(t, FromList([]string{"page.head.extra.author"}, ""))
	require.True(t, Firm("Küstenverein e.V."))
	require.False(t, Firm("Miriam Okafor"))
}
