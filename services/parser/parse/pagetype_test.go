package parse_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/parser/parse"
)

// shape is what a page is made of, in the manner of a newspaper's site.
type shape struct {
	path, lang, title, head, body string
}

func (s shape) html() string {
	menu := ""
	for _, section := range []string{"Politics", "Economy", "Culture", "Sport", "Weather", "Opinion"} {
		menu += fmt.Sprintf(`<li><a href="/%s/">%s</a></li>`, strings.ToLower(section), section)
	}
	return `<!doctype html><html lang="` + s.lang + `"><head><meta charset="utf-8"><title>` + s.title + ` | The Pier</title>` + s.head +
		`</head><body><header><nav><ul>` + menu + `</ul></nav></header><main>` + s.body + `</main><footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a> © The Pier</footer></body></html>`
}

func jsonLD(object string) string {
	return `<script type="application/ld+json">{"@context":"https://schema.org",` + object + `}</script>`
}

// teasers is a list of n stories as front pages have it.
func teasers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<article class="teaser"><a href="/local/%d-story"><h2>Council votes on item %d of the harbour plan tonight</h2><p>A short line that leads the reader to story %d.</p></a><time datetime="2026-11-0%dT08:00:00Z">%d November 2026</time></article>`, i, i, i, i%9+1, i%9+1)
	}
	return b.String()
}

// updates are n entries of a live blog.
func updates(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<section class="entry"><time datetime="2026-11-03T%02d:15:00Z">%02d:15</time><p>Update %d: %s</p></section>`, 8+i, 8+i, i, sentence)
	}
	return b.String()
}

func pictures(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<figure><img src="/img/%d.jpg" width="1200" height="800" alt="Quay %d"><figcaption>The quay on the morning after the storm, seen from pier %d of the old harbour.</figcaption></figure><p>Picture %d shows the quay from the side of the fish hall, where the roof lies on the street.</p>`, i, i, i, i)
	}
	return b.String()
}

// TestPageTypes parses pages as sites make them: every wall is dropped with its
// reason, and every story is kept with its type.
func TestPageTypes(t *testing.T) {
	t.Parallel()
	paragraphs := ""
	for _, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"} {
		paragraphs += "<p>" + strings.ReplaceAll(sentence, "Monday", day) + "The council had voted on " + day + ". Ferries will run every ten minutes instead.</p>"
	}
	story := `<article><h1>Harbour bridge to close for a week</h1>` + paragraphs + `</article>`
	news := jsonLD(`"@type":"NewsArticle","headline":"Harbour bridge to close for a week","datePublished":"2026-11-03T08:00:00Z"`)
	password := `<form action="/login" method="post"><input type="email" name="user"><input type="password" name="pass"><button>OK</button></form>`
	tests := map[string]struct {
		shape
		want string
	}{
		"article":                       {shape{"/local/bridge", "en", "Harbour bridge to close for a week", news, story}, "article"},
		"article without any metadata":  {shape{"/local/bridge", "en", "Harbour bridge to close for a week", "", story}, "article"},
		"article with a login box":      {shape{"/local/bridge", "en", "Harbour bridge to close for a week", news, story + password}, "article"},
		"article on a blog's root":      {shape{"/?p=959", "en", "Harbour bridge to close for a week", "", story + teasers(12)}, "article"},
		"article about a live show":     {shape{"/music/the-window-live", "en", "The Window live", news, story}, "article"},
		"article with a list beside it": {shape{"/local/bridge", "en", "Harbour bridge to close for a week", news + jsonLD(`"@type":"ItemList"`), story + teasers(12)}, "article"},

		"live blog by structured data":          {shape{"/a/1", "en", "Storm latest", jsonLD(`"@type":"LiveBlogPosting","headline":"Storm latest","datePublished":"2026-11-03T08:00:00Z"`), `<h1>Storm latest</h1>` + updates(10)}, "liveblog"},
		"live blog among the page's data":       {shape{"/a/1", "en", "Storm latest", news + jsonLD(`"@type":"LiveBlogPosting","headline":"x"`), `<h1>Storm latest</h1>` + updates(10)}, "liveblog"},
		"live blog by address":                  {shape{"/live/2026/storm", "en", "Storm latest", "", `<h1>Storm latest</h1>` + updates(10)}, "liveblog"},
		"live blog by title, German":            {shape{"/a/1", "de", "Liveticker zum Sturm an der Küste", "", `<h1>Liveticker zum Sturm an der Küste</h1>` + updates(10)}, "liveblog"},
		"live blog by title, French":            {shape{"/a/1", "fr", "EN DIRECT - Tempête sur la côte", "", `<h1>EN DIRECT - Tempête sur la côte</h1>` + updates(10)}, "liveblog"},
		"gallery by structured data":            {shape{"/a/1", "en", "The storm in pictures", jsonLD(`"@type":"ImageGallery","name":"The storm in pictures"`), `<h1>The storm in pictures</h1>` + pictures(9)}, "gallery"},
		"gallery by address, French":            {shape{"/diaporama/tempete", "fr", "La tempête", "", `<h1>La tempête sur le port en neuf images</h1>` + pictures(9)}, "gallery"},
		"video by structured data":              {shape{"/a/1", "en", "Watch the bridge close", jsonLD(`"@type":"VideoObject","name":"Watch the bridge close","uploadDate":"2026-11-03"`), `<h1>Watch the bridge close</h1><video src="/v.mp4"></video><p>` + sentence + `</p>`}, "video"},
		"video by Open Graph":                   {shape{"/a/1", "es", "Así se cierra el puente", `<meta property="og:type" content="video.other">`, `<h1>Así se cierra el puente</h1><p>` + sentence + `</p>`}, "video"},
		"video by address":                      {shape{"/video/bridge", "en", "Bridge closes", "", `<h1>The harbour bridge closes</h1><iframe src="/player"></iframe><p>` + sentence + `</p>`}, "video"},
		"front page":                            {shape{"/", "en", "News from the harbour", `<meta property="og:type" content="website">`, teasers(30)}, parse.ReasonList},
		"front page with its stories described": {shape{"/", "en", "News from the harbour", news + news + news + news + news, teasers(30)}, parse.ReasonList},
		"section":                               {shape{"/local/", "en", "Local", jsonLD(`"@type":"CollectionPage","name":"Local"`), `<h1>Local</h1>` + teasers(30)}, parse.ReasonList},
		"search results":                        {shape{"/search", "en", "Results for bridge", jsonLD(`"@type":"SearchResultsPage"`), `<h1>Results for bridge</h1>` + teasers(20)}, parse.ReasonList},
		"paywall by structured data":            {shape{"/local/bridge", "en", "Harbour bridge to close", jsonLD(`"@type":"NewsArticle","headline":"Harbour bridge to close","isAccessibleForFree":"False","datePublished":"2026-11-03"`), `<h1>Harbour bridge to close</h1><p>` + sentence + `</p><div class="paywall">Take out a subscription.</div>`}, parse.ReasonPaywall},
		"soft 404, English":                     {shape{"/local/gone", "en", "Page not found", "", `<h1>Sorry!</h1><p>The page that you were looking for has been moved or does not exist any more. Please use the search.</p>`}, parse.ReasonError},
		"soft 404, Japanese":                    {shape{"/local/gone", "ja", "ページが見つかりません", "", `<h1>ページが見つかりません</h1><p>お探しのページは移動または削除された可能性があります。トップページに戻るか、検索をご利用ください。ご不便をおかけして申し訳ございません。よろしくお願いいたします。</p>`}, parse.ReasonError},
		"soft 404, Turkish":                     {shape{"/local/gone", "tr", "Sayfa bulunamadı", "", `<h1>Sayfa bulunamadı</h1><p>Aradığınız sayfa taşınmış ya da silinmiş olabilir. Lütfen arama kutusunu kullanın.</p>`}, parse.ReasonError},
		"robot check":                           {shape{"/local/bridge", "en", "Just a moment...", "", `<p>Verify you are human by completing the action below. The site needs to review the security of your connection.</p>`}, parse.ReasonError},
		"login":                                 {shape{"/local/bridge", "en", "Sign in", "", `<h1>Sign in</h1>` + password}, parse.ReasonLogin},
		"login, German":                         {shape{"/anmelden", "de", "Anmelden", "", `<h1>Anmelden</h1><p>Melden Sie sich mit Ihrem Konto an.</p>` + password}, parse.ReasonLogin},
		"script only":                           {shape{"/local/bridge", "en", "The Pier", `<script src="/app.js"></script>`, `<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>`}, parse.ReasonScript},
		"script only, French":                   {shape{"/local/bridge", "fr", "Le Quai", `<script src="/app.js"></script>`, `<div id="root"></div><p>Veuillez activer JavaScript pour lire cette page.</p>`}, parse.ReasonScript},
	}
	for lang, words := range map[string]string{
		"en": "This article is for subscribers only. Already a subscriber? Log in.", "fr": "Cet article est réservé aux abonnés. Déjà abonné ? Connectez-vous.",
		"de": "Jetzt weiterlesen mit einem Abo. Sie haben bereits ein Abo?", "es": "Contenido exclusivo para suscriptores. Suscríbete para seguir leyendo.",
		"it": "Contenuto riservato agli abbonati. Abbonati per continuare a leggere.", "pt": "Conteúdo exclusivo para assinantes. Para continuar a ler, assine.",
		"nl": "Alleen voor abonnees. Verder lezen? Neem een abonnement.", "pl": "Treść dla subskrybentów. Aby czytać dalej, wykup dostęp.",
		"ru": "Материал доступен только для подписчиков. Оформите подписку.", "sv": "Artikeln är för prenumeranter. Bli prenumerant för att läsa.",
		"da": "Artiklen er kun for abonnenter. Bliv abonnent her.", "fi": "Artikkeli on vain tilaajille. Lue lisää tilaajana.",
		"cs": "Článek je pouze pro předplatitele.", "hu": "A cikk csak előfizetőknek érhető el: csak előfizetők olvashatják.", "tr": "Bu haber abonelere özel.",
		"el": "Το άρθρο είναι μόνο για συνδρομητές.", "uk": "Матеріал лише для передплатників.", "ja": "この記事は会員限定です。続きを読むにはログインしてください。",
		"zh": "订阅后可阅读全文。本文为会员专享内容。", "ko": "이 기사는 구독자 전용입니다. 로그인 후 이용하세요.", "ar": "هذا المقال للمشتركين فقط.", "he": "הכתבה למנויים בלבד.",
	} {
		tests["paywall by words, "+lang] = struct {
			shape
			want string
		}{shape{"/local/bridge", lang, "Harbour bridge", "", `<article><h1>Harbour bridge</h1><p>` + words + `</p><p>` + words + " " + words + `</p></article>`}, parse.ReasonPaywall}
	}
	confusion := map[string]int{}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			page := &datelinev1.Page{Content: []byte(tt.html()), Article: &datelinev1.Article{Fetch: &datelinev1.Fetch{
				ContentType: "text/html", FinalUrl: "https://pier.example" + tt.path, Status: 200,
			}}}
			doc, err := parse.New(parse.Config{}).Parse(context.Background(), page)
			got := doc.GetPageType()
			var rejected *parse.Rejected
			if errors.As(err, &rejected) {
				got = rejected.Reason
			}
			confusion[tt.want+" taken for "+got]++
			require.Equal(t, tt.want, got, "%v", err)
		})
	}
	t.Log(confusion)
}
