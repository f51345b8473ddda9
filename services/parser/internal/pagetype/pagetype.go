// Package pagetype tells stories from what looks like one to a program: walls,
// lists, errors and pages that only a script could fill.
package pagetype

import "strings"

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
	Path     string // of the final URL
	Title    string
	Headline string
	Text     string // of the story, as found
	OGType   string
	Types    []string // schema.org types of the story

	TextChars, PageChars, LinkChars int // runes
	Kept                            int // blocks of the story
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
	return kind(p)
}

// Story reports whether a page of the type holds a text of its own.
func Story(t string) bool {
	switch t {
	case Article, Wire, Feed, LiveBlog, Gallery, Video:
		return true
	}
	return false
}

func kind(p *Page) string {
	for _, t := range p.Types {
		switch t {
		case "LiveBlogPosting":
			return LiveBlog
		case "ImageGallery", "MediaGallery":
			return Gallery
		case "VideoObject":
			if p.TextChars < brief {
				return Video
			}
		}
	}
	if strings.HasPrefix(p.OGType, "video") && p.TextChars < brief {
		return Video
	}
	return Article
}

var errorTitles = []string{
	"404", "403 forbidden", "401 unauthorized", "500 internal", "502 bad", "503 service", "504 gateway", "410 gone",
	"page not found", "not found", "page introuvable", "page non trouvée", "seite nicht gefunden", "página no encontrada",
	"pagina non trovata", "página não encontrada", "pagina niet gevonden", "nie znaleziono", "страница не найдена", "الصفحة غير موجودة",
	"access denied", "access to this page has been denied", "attention required", "just a moment", "are you a robot", "robot check",
	"ddos protection", "security check", "pardon our interruption", "request rejected", "temporarily unavailable", "site under maintenance",
	"error 40", "error 50", "erreur 404", "fehler 404", "verify you are human", "unusual traffic",
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
	"javascript aktivieren", "javascript activado", "habilitar javascript", "attiva javascript", "włącz javascript", "включите javascript", "turn on javascript",
}

func isScript(p *Page, text string) bool {
	return p.Frames || p.Refresh || has(text, scriptWords...) || (p.Scripts > 0 && p.PageChars < stub)
}

// isList recognises home, section and search pages: nearly all text is links, or
// many stories are described and none is told.
func isList(p *Page) bool {
	for _, t := range p.Types {
		if t == "CollectionPage" || t == "SearchResultsPage" || t == "ItemList" {
			return p.TextChars < long
		}
	}
	home := p.Path == "" || p.Path == "/"
	switch {
	case p.Dated || p.TextChars >= long:
		return false
	case home && p.OGType != "article" && p.PageChars > brief && p.LinkChars*2 > p.PageChars:
		return true
	case p.Articles >= 4 && p.TextChars < brief:
		return true
	}
	if p.OGType == "article" {
		return false
	}
	return (p.TextChars < stub && p.PageChars > long && p.LinkChars*10 > p.PageChars*7) ||
		(p.TextChars < stub/4 && p.PageChars > brief && p.LinkChars*10 > p.PageChars*6)
}

func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
