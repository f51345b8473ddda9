package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o          options
		file, want string
	}{
		"uner": {
			options{format: "uner", lang: "hr", batch: -1},
			"# sent_id = set.hr.2-s7\n# text = Ana u Zagrebu\n1\tAna\tB-PER\t-\ta\n2\tu\tO\t-\ta\n3\tZagrebu\tB-LOC\t-\ta\n\n",
			`{"doc":"set.hr.2","lang":"hr","tokens":["Ana","u","Zagrebu"],"tags":["B-PER","O","B-LOC"]}`,
		},
		"uner, half its columns left out": {
			options{format: "uner", lang: "en", batch: -1},
			"# newdoc id = weblog-a_2004\n# sent_id = weblog-a_2004-0001\n# text = The al-Xyz of Y .\n1\tThe\tB-O\t-\ta\n2\tal\tB-ORG\t-\ta\n3\t-\tI-ORG\t-\ta\n" +
				"4\tXyz\tI-ORG\t-\ta\n5\tof\tO\n6\tYish\tB-OTH\t-\ta\n7\t.\tO\n\n",
			`{"doc":"weblog-a_2004","lang":"en","tokens":["The","al","-","Xyz","of","Yish","."],"tags":["O","B-ORG","I-ORG","I-ORG","O","O","O"]}`,
		},
		"norne": {
			options{format: "norne", lang: "nb", batch: 20},
			"1-2\ti Oslo\t_\t_\n1\ti\t_\tname=O\n2\tOslo\t_\tSpaceAfter=No|name=B-GPE_LOC\n",
			`{"doc":"file-0000","lang":"nb","tokens":["i","Oslo"],"tags":["O","B-LOC"]}`,
		},
		"nerkor": {
			options{format: "nerkor", lang: "hu"},
			"# global.columns = FORM LEMMA CONLL:NER\nA-B\ta\tB-ORG\n.\t.\tO\n",
			`{"doc":"file","lang":"hu","tokens":["A-B","."],"tags":["B-ORG","O"]}`,
		},
		"nerkor, with morphology": {
			options{format: "nerkor", lang: "hu"},
			"# global.columns = FORM LEMMA UPOS XPOS FEATS CONLL:NER\n#\t#\tSYM\t[Punct]\t_\tO\nDuna\tDuna\tPROPN\t[/N]\tCase=Nom|Number=Sing\tB-ORG\n" +
				"TV-től\tTV\tPROPN\t[/N][Abl]\tCase=Abl\tI-ORG\n\n",
			`{"doc":"file","lang":"hu","tokens":["#","Duna","TV-től"],"tags":["O","B-ORG","I-ORG"]}`,
		},
		"germeval": {
			options{format: "germeval", lang: "de", batch: 20, limit: 1},
			"#\thttp://x [2009]\n1\tdeutsche\tB-LOCderiv\tO\n2\tBahn\tB-ORG\tO\n3\tAG\tI-ORG\tO\n\n#\thttp://y [2009]\n1\tx\tO\tO\n",
			`{"doc":"file-0000","lang":"de","tokens":["deutsche","Bahn","AG"],"tags":["O","B-ORG","I-ORG"]}`,
		},
		"ronec": {
			options{format: "ronec", lang: "ro", batch: 20},
			`[{"id": 7, "ner_tags": ["I-PERSON", "I-PERSON", "B-DATETIME"], "ner_ids": [2, 2, 17], "tokens": ["Ion", "Popa", "ieri"], "space_after": [true, true, false]}]`,
			`{"doc":"file-0000","lang":"ro","tokens":["Ion","Popa","ieri"],"tags":["B-PER","I-PER","O"]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "file.txt")
			require.NoError(t, os.WriteFile(path, []byte(c.file), 0o600))
			var out strings.Builder
			require.NoError(t, run(&out, []string{path}, c.o))
			require.Equal(t, c.want+"\n", out.String())
		})
	}
	var out strings.Builder
	require.Error(t, run(&out, nil, options{format: "uner", lang: "pt"}))
	require.ErrorIs(t, run(&out, []string{"absent"}, options{format: "uner", lang: "pt"}), os.ErrNotExist)
	for format, bad := range map[string]string{"uner": "1\tx\n", "nerkor": "x\n", "ronec": "{"} {
		path := filepath.Join(t.TempDir(), "bad")
		require.NoError(t, os.WriteFile(path, []byte(bad), 0o600))
		require.Error(t, run(&out, []string{path}, options{format: format, lang: "xx"}), format)
	}
}
