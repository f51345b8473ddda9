// Package pagetype tells stories from what looks like one to a program: walls,
// lists, errors and pages that only a script could fill.
package pagetype

import (
	"slices"
	"strings"
)

// The types of pages, by the event's names.
const (
	Article  = "article"
	Wire     = "wire"
	Feed     = "feed"
	LiveBlog = "liveblog"
	Gallery  = "gallery"
	Video    = "video"
	List     = "list"
	Consent  = "consent"
	Paywall  = "paywall"
	Login    = "login"
	Error    = "error"
	Script   = "script"
)

// Page is what the decision rests on.
type Page struct {
	Status   int    // of HTTP; 0 if there was none
	Path     string // of the final URL, with its query where that names the page
	Title    string // of the title element
	Headline string
	Text     string // of the story, as found
	OGType   string
	Types    []string // schema.org types of the story
	AllTypes []string // and of all that the page describes

	TextChars, PageChars, LinkChars int // runes
	Kept                            int // blocks of the story
	Pictures                        int // in the story
	Dates                           int // printed
	Articles                        int // JSON-LD articles
	PasswordFields                  int
	Scripts, Videos, Iframes        int
	Dated                           bool // a publication time in structured data
	Free                            *bool
	PaywallHint                     bool // the markup names a paywall
	Refresh, Frames                 bool
}

// Sizes in runes that part stubs from stories.
const (
	stub  = 350
	brief = 700
	long  = 2000
)

// Of returns the page's type.
func Of(p *Page) string {
	text := strings.ToLower(p.Text[:min(len(p.Text), 6000)])
	title := strings.ToLower(p.Title + " \n " + p.Headline)
	switch {
	case isError(p, title, text):
		return Error
	case p.TextChars < brief && isConsent(p, title, text):
		return Consent
	case isPaywall(p, text):
		return Paywall
	case p.PasswordFields > 0 && p.TextChars < stub/2 && p.PageChars < long && !p.Dated:
		return Login
	case p.TextChars < stub/4 && isScript(p, text):
		return Script
	case isList(p):
		return List
	}
	return kind(p, title)
}

// Story reports whether a page of the type holds a text of its own.
func Story(t string) bool {
	switch t {
	case Article, Wire, Feed, LiveBlog, Gallery, Video:
		return true
	}
	return false
}

// kind tells stories by what they are told with: what structured data say goes first,
// then an address or headline that says so, borne out by the page's make.
func kind(p *Page, title string) string {
	story, all := p.Types, p.AllTypes
	path := strings.ToLower(p.Path)
	switch {
	case is(story, "LiveBlogPosting") || is(all, "LiveBlogPosting"),
		p.Dates >= liveDates && (named(path, livePaths) || has(title, liveTitles...)):
		return LiveBlog
	case is(story, "ImageGallery", "MediaGallery"), p.Articles == 0 && is(all, "ImageGallery", "MediaGallery"),
		p.Pictures >= galleryPictures && p.TextChars < p.Pictures*perPicture && named(path, galleryPaths):
		return Gallery
	case p.TextChars >= brief:
	case is(story, "VideoObject"), strings.HasPrefix(p.OGType, "video"), p.Articles == 0 && is(all, "VideoObject"),
		p.Videos+p.Iframes > 0 && named(path, videoPaths):
		return Video
	}
	return Article
}

// How many printed dates a live blog has at least, how many pictures a gallery, and
// how much text in runes it has for each at most.
const (
	liveDates       = 8
	galleryPictures = 6
	perPicture      = 400
)

// Parts of paths that say what is told there, and words of titles.
var (
	livePaths = []string{"live", "liveblog", "live-blog", "liveticker", "live-ticker", "newsblog", "en-direct", "direct", "en-vivo", "en-directo", "ao-vivo", "diretta", "live-updates", "onlain", "na-zywo"}

	liveTitles = []string{
		"live:", "live updates", "liveblog", "live blog", "liveticker", "live-ticker", "newsblog", "en direct", "en vivo", "en directo", "ao vivo", "in diretta", "la diretta",
		"na żywo", "онлайн-трансляция", "текстовая трансляция", "хроника событий", "canlı anlatım", "تغطية مباشرة", "文字直播", "速報まとめ", "실시간",
	}
	galleryPaths = []string{
		"gallery", "galleries", "galerie", "galeria", "galería", "fotogalerie", "fotogaleria", "fotogallery", "bildergalerie", "fotostrecke", "diaporama", "portfolio",
		"slideshow", "in-pictures", "en-images", "en-imagenes", "fotos", "photos", "pictures", "foto", "bilder", "album",
	}
	videoPaths = []string{"video", "videos", "watch", "vidéo", "av", "tv", "mediathek"}
)

// named reports whether a part of a path between slashes is one of the names, or
// begins with it and a hyphen.
func named(path string, names []string) bool {
	for part := range strings.SplitSeq(path, "/") {
		for _, name := range names {
			if rest, begins := strings.CutPrefix(part, name); begins && (rest == "" || rest[0] == '-') {
				return true
			}
		}
	}
	return false
}

// is reports whether one of the types is among a page's.
func is(types []string, wanted ...string) bool {
	for _, t := range types {
		if slices.Contains(wanted, t) {
			return true
		}
	}
	return false
}

var errorTitles = []string{
	"404", "403 forbidden", "401 unauthorized", "500 internal", "502 bad", "503 service", "504 gateway", "410 gone",
	"page not found", "not found", "page introuvable", "page non trouvée", "seite nicht gefunden", "página no encontrada",
	"pagina non trovata", "página não encontrada", "pagina niet gevonden", "nie znaleziono", "страница не найдена", "الصفحة غير موجودة",
	"access denied", "access to this page has been denied", "attention required", "just a moment", "are you a robot", "robot check",
	"ddos protection", "security check", "pardon our interruption", "request rejected", "temporarily unavailable", "site under maintenance",
	"página no existe", "pagina inesistente", "sidan kunde inte hittas", "sidan hittades inte", "siden ble ikke funnet", "siden blev ikke fundet", "sivua ei löydy",
	"stránka nenalezena", "stránka nebola nájdená", "az oldal nem található", "pagina nu a fost găsită", "sayfa bulunamadı", "η σελίδα δεν βρέθηκε", "сторінку не знайдено",
	"страницата не е намерена", "stranica nije pronađena", "ページが見つかりません", "お探しのページ", "页面不存在", "找不到页面", "找不到頁面", "페이지를 찾을 수 없", "không tìm thấy trang",
	"halaman tidak ditemukan", "הדף לא נמצא", "صفحه مورد نظر یافت نشد", "पृष्ठ नहीं मिला", "error 40", "error 50", "erreur 404", "fehler 404", "verify you are human", "unusual traffic",
}

func isError(p *Page, title, text string) bool {
	if p.Status >= 400 {
		return true
	}
	if p.TextChars >= brief {
		return false
	}
	if p.TextChars < stub && has(text, "verify you are human", "checking your browser before", "enable cookies and reload", "unusual traffic from your") {
		return true
	}
	return len(title) < 200 && !p.Dated && has(title, errorTitles...)
}

var paywallWords = []string{
	"subscribe to continue", "subscribe to read", "subscribers only", "subscriber-only", "for subscribers", "to continue reading", "continue reading with", "already a subscriber",
	"réservé aux abonnés", "réservé à nos abonnés", "abonnez-vous pour", "déjà abonné", "la suite est réservée", "il vous reste", "jetzt weiterlesen", "nur für abonnenten", "weiterlesen mit", "mit einem abo", "sie haben bereits ein abo", "bereits abonnent",
	"contenido exclusivo para suscriptores", "suscríbete para", "solo para suscriptores", "contenuto riservato agli abbonati", "abbonati per", "exclusivo para assinantes", "alleen voor abonnees", "dla subskrybentów", "только для подписчиков", "للمشتركين فقط",
	"this article is for subscribers", "subscribe now to", "sign up to continue", "register to continue", "log in to continue", "you have reached your", "article limit",
	"cet article est réservé", "créez un compte pour", "poursuivre la lecture", "pour lire la suite", "um weiterzulesen", "weiterlesen als", "mit plus-abo", "suscriptores", "sigue leyendo con",
	"inicia sesión para continuar", "per continuare a leggere", "contenuto premium", "continue lendo com", "conteúdo exclusivo", "para continuar a ler", "verder lezen", "lees verder met", "czytaj dalej z",
	"aby czytać dalej", "treść premium", "оформите подписку", "для подписчиков", "för prenumeranter", "bli prenumerant", "for abonnenter", "bli abonnent", "kun for abonnenter", "vain tilaajille",
	"lue lisää tilaajana", "pouze pro předplatitele", "csak előfizetők", "doar pentru abonați", "abonelere özel", "μόνο για συνδρομητές", "лише для передплатників", "会員限定", "有料会員", "続きを読むには",
	"订阅后", "会员专享", "訂閱", "구독자 전용", "로그인 후", "dành cho thuê bao", "khusus pelanggan", "למנויים בלבד", "ویژه مشترکان",
}

func isPaywall(p *Page, text string) bool {
	if p.TextChars >= brief {
		return false
	}
	closed := p.Free != nil && !*p.Free
	says := has(text, paywallWords...)
	switch {
	case p.TextChars < stub:
		return closed || says
	default:
		return says && (closed || p.PaywallHint)
	}
}

var scriptWords = []string{
	"enable javascript", "javascript is disabled", "javascript is required", "requires javascript", "need to enable javascript", "activer javascript",
	"please enable js", "veuillez activer js", "active o javascript", "ative o javascript", "schakel javascript", "zet javascript", "aktivera javascript", "aktiver javascript", "javascript etkinleştir",
	"povolte javascript", "увімкніть javascript", "javascriptを有効", "启用javascript", "启用 javascript", "자바스크립트", "bật javascript", "aktifkan javascript", "تفعيل جافا", "javascript aktivieren", "javascript activado", "habilitar javascript", "attiva javascript", "włącz javascript", "включите javascript", "turn on javascript",
}

func isScript(p *Page, text string) bool {
	return p.Frames || p.Refresh || has(text, scriptWords...) || (p.Scripts > 0 && p.PageChars < stub)
}

// isList recognises home, section and search pages: they say so, nearly all text is
// links, or many stories are described and none is told.
func isList(p *Page) bool {
	if is(p.Types, "CollectionPage", "SearchResultsPage", "ItemList") {
		return p.TextChars < long
	}
	if p.OGType != "article" && p.Articles == 0 && is(p.AllTypes, "CollectionPage", "SearchResultsPage") && p.TextChars < long && p.LinkChars*3 > p.PageChars {
		return true
	}
	home := isHome(p.Path)
	switch {
	case home && p.OGType != "article" && p.PageChars > brief && p.LinkChars*2 > p.PageChars && (!p.Dated || p.Articles >= manyArticles):
		return true
	case p.Dated && p.Articles < manyArticles || p.TextChars >= long:
		return false
	case p.Articles >= manyArticles && p.TextChars < brief:
		return true
	}
	if p.OGType == "article" {
		return false
	}
	return (p.TextChars < stub && p.PageChars > long && p.LinkChars*10 > p.PageChars*7) ||
		(p.TextChars < stub/4 && p.PageChars > brief && p.LinkChars*10 > p.PageChars*6)
}

// manyArticles is how many articles only a page of several describes.
const manyArticles = 4

// isHome reports whether a path is that of a site's front page, or of its front page
// in one language.
func isHome(path string) bool {
	path = strings.ToLower(strings.Trim(path, "/"))
	switch path {
	case "", "index.html", "index.htm", "index.php", "home", "default.aspx":
		return true
	}
	return len(path) == 2 && path[0] >= 'a' && path[0] <= 'z'
}

func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
