package mainbody

import "github.com/dateline-news/dateline/services/parser/internal/classname"

// classSet says which roles the class and id attributes of an element hint at.
type classSet uint32

const (
	classComment classSet = 1 << iota
	classShare
	classRelated
	classNav
	classFooter
	classHeader
	classSide
	classAd
	classCaption
	classAuthor
	classDate
	classTags
	classForm
	classConsent
	classOverlay
	classContent
	classTitle
	classLead
	classQuote
	classEmbed
	classBox
	classList
	classLive
	classPaywall
	// classCount counts the roles that are features of the classifier.
	classCount = iota
	// classPromo is for rules only: boxes that advertise the publication itself.
	classPromo classSet = 1 << classCount
)

// classWords lists, by role, the words that sites use in class names and ids.
// They are the web's common vocabulary in several languages, never the names of
// single sites.
var classWords = map[classSet][]string{
	classComment: {"comment", "comments", "commentlist", "commentary", "disqus", "reply", "replies", "respond", "kommentar", "kommentare", "commentaire", "commentaires", "comentario", "comentarios", "commenti", "forum", "livefyre", "discussion", "thread", "reactions", "komentarze", "komentarz"},
	classShare:   {"share", "sharing", "shares", "sharebar", "sharedaddy", "addthis", "addtoany", "social", "socials", "socialmedia", "facebook", "twitter", "whatsapp", "telegram", "pinterest", "linkedin", "teilen", "partager", "compartir", "condividi", "follow", "shareaholic", "ssba", "fb"},
	classRelated: {"related", "relateds", "recommended", "recommend", "recommendation", "recommendations", "recirc", "recirculation", "more", "readmore", "also", "similar", "teaser", "teasers", "trending", "popular", "latest", "next", "previous", "prev", "outbrain", "taboola", "suggested", "further", "onward", "mehr", "weitere", "verwandte", "relacionadas", "relacionados", "relacionada", "correlati", "linkbox", "relatedposts", "yarpp", "jp", "upnext", "mostread", "related-links", "seealso", "promo", "crosslink", "aussi", "auch", "tambien", "leggi", "mehrzumthema"},
	classNav:     {"nav", "navigation", "navbar", "menu", "submenu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "pagination", "pager", "paging", "skip", "sitemap", "toc", "tabs", "tab", "topnav", "mainmenu", "toolbar", "tools", "actions", "buttons", "button", "btn", "jump"},
	classFooter:  {"footer", "foot", "bottom", "copyright", "legal", "imprint", "impressum", "colophon", "disclaimer", "siteinfo", "subfooter"},
	classHeader:  {"header", "masthead", "topbar", "head", "top", "banner", "branding", "logo", "hero"},
	classSide:    {"sidebar", "side", "aside", "rail", "secondary", "widget", "widgets", "sidecol", "rightcol", "leftcol", "complementary", "tertiary", "marginalia"},
	classAd:      {"ad", "ads", "adv", "advert", "adverts", "advertisement", "advertising", "adbox", "adslot", "adunit", "adsbygoogle", "adsense", "sponsor", "sponsored", "sponsors", "promotion", "werbung", "anzeige", "anzeigen", "pub", "publicite", "publicidad", "pubblicita", "reklama", "dfp", "gpt", "commercial", "affiliate", "affiliates", "deal", "deals", "shop", "shopping", "product", "products", "partner", "partners", "marketing"},
	classCaption: {"caption", "captions", "figcaption", "legend", "legende", "credit", "credits", "photo", "photos", "image", "images", "img", "picture", "pic", "gallery", "slideshow", "slide", "carousel", "media", "thumb", "thumbnail", "figure", "bild", "bildunterschrift", "foto", "fotos", "imagen", "attribution", "source", "photographer"},
	classAuthor:  {"byline", "bylines", "author", "authors", "autor", "autoren", "auteur", "autore", "writer", "contributor", "contributors", "bio", "biography", "reporter", "vcard", "signature", "aboutauthor", "authorbox", "profile", "avatar", "credit-line", "byauthor", "fn"},
	classDate:    {"date", "dates", "dateline", "time", "datetime", "timestamp", "published", "pubdate", "publish", "posted", "updated", "modified", "datum", "fecha", "data", "meta", "metadata", "postmeta", "entrymeta", "info", "infos", "details", "datestamp", "postedon"},
	classTags:    {"tag", "tags", "tagcloud", "keyword", "keywords", "topic", "topics", "category", "categories", "cat", "label", "labels", "kicker", "section", "rubric", "rubrik", "overline", "eyebrow", "taxonomy", "channel"},
	classForm:    {"newsletter", "newsletters", "subscribe", "subscription", "signup", "sign", "login", "register", "registration", "form", "search", "donate", "donation", "poll", "quiz", "survey", "membership", "member", "account", "input", "cta", "offer", "app", "download", "contact", "alert"},
	classConsent: {"cookie", "cookies", "consent", "gdpr", "ccpa", "privacy", "cmp", "onetrust", "didomi", "optanon", "notice", "usercentrics", "cookiebar"},
	classOverlay: {"modal", "popup", "overlay", "lightbox", "dialog", "tooltip", "hidden", "hide", "invisible", "sr", "screen", "visually", "noprint", "print", "offscreen", "accessibility", "drawer", "popover", "toast"},
	classContent: {"article", "articlebody", "articletext", "articlecontent", "content", "contents", "body", "bodytext", "story", "storybody", "storytext", "entry", "entrycontent", "post", "postcontent", "text", "txt", "main", "maincontent", "page", "artikel", "artikeltext", "nota", "noticia", "copy", "prose", "richtext", "paragraph", "para", "wysiwyg", "fulltext", "hentry", "texte", "testo", "texto", "cuerpo", "corps", "tresc", "blog", "blogpost", "detail", "news", "read", "inhalt", "itemfulltext"},
	classTitle:   {"title", "headline", "heading", "headlines", "titre", "titel", "titulo", "titolo", "headtitle", "h1", "hed"},
	classLead:    {"lead", "lede", "leadtext", "intro", "introduction", "introtext", "standfirst", "summary", "excerpt", "abstract", "description", "desc", "subtitle", "subheadline", "subheading", "subhead", "subline", "deck", "dek", "chapo", "chapeau", "vorspann", "sapo", "sumario", "perex", "bajada", "copete", "entradilla", "anons", "anreisser", "ingress", "manchet", "occhiello", "sommario"},
	classQuote:   {"quote", "quotes", "pullquote", "pull", "blockquote", "zitat", "citation", "cita"},
	classEmbed:   {"embed", "embedded", "embeds", "tweet", "instagram", "video", "videos", "player", "iframe", "audio", "podcast", "youtube", "oembed", "interactive", "chart", "graphic", "map"},
	classBox:     {"box", "infobox", "factbox", "callout", "card", "cards", "module", "note", "highlights", "highlight", "keypoints", "takeaways", "infokasten", "kasten", "panel", "block", "snippet"},
	classList:    {"list", "listing", "items", "item", "grid", "feed", "archive", "archives", "results", "row", "rows", "stream", "river", "index"},
	classLive:    {"live", "liveblog", "ticker", "liveticker", "breaking", "liveupdates"},
	classPromo:   {"newsletter", "newsletters", "promo", "promos", "promobox", "signup", "subscribebox", "infolettre", "boletin", "nieuwsbrief"},
	classPaywall: {"paywall", "premium", "piano", "plus", "subscriber", "subscribers", "locked", "metered", "regwall", "barrier", "paid", "tp"},
}

var classByWord = func() map[string]classSet {
	m := make(map[string]classSet, 600)
	for set, words := range classWords {
		for _, w := range words {
			m[w] |= set
		}
	}
	return m
}()

// classOf returns the roles that the words of a class or id attribute name.
func classOf(attr string) classSet {
	var set classSet
	for words := classname.Of(attr); ; {
		word := words.Next()
		if word == nil {
			return set
		}
		set |= classByWord[string(word)]
	}
}
