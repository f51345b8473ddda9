package urlnorm

import "strings"

// ampCaches are hosts that serve copies of AMP pages. The path names the original:
// "/c/s/example.org/page" at the AMP Cache ("AMP Cache URL format and request
// handling": c for a page, v for one in a viewer, wp for a web package; s for
// https), and "/amp/s/example.org/page" in Google's viewer.
var ampCaches = map[string][]string{
	"cdn.ampproject.org": {"/c/", "/v/", "/wp/"},
	"www.google.com":     {"/amp/"},
	"google.com":         {"/amp/"},
}

// original gives the page that an address at an AMP cache stands for, and other
// addresses as they are.
func original(a address) address {
	for {
		host := a.host
		if strings.HasSuffix(host, ".cdn.ampproject.org") {
			host = "cdn.ampproject.org"
		}
		inner, ok := "", false
		for _, prefix := range ampCaches[host] {
			if inner, ok = strings.CutPrefix(a.path, prefix); ok {
				break
			}
		}
		if !ok {
			return a
		}
		scheme := "http"
		if rest, secure := strings.CutPrefix(inner, "s/"); secure {
			scheme, inner = "https", rest
		}
		if !strings.Contains(inner, "/") || !strings.Contains(inner[:strings.IndexByte(inner, '/')], ".") {
			return a
		}
		b, err := absolute(scheme, inner)
		if err != nil || b.userinfo {
			return a
		}
		b.query, b.userinfo = a.query, a.userinfo
		a = b
	}
}

// isAMP tells parameters that ask for a page's AMP edition. Its other edition is the
// same article.
func isAMP(name, value string) bool {
	switch strings.ToLower(name) {
	case "amp":
		return value == "" || value == "1" || value == "true"
	case "outputtype":
		return strings.EqualFold(value, "amp")
	case "amp_js_v", "amp_gsa", "usqp":
		// What viewers of AMP pages add.
		return true
	}
	return false
}

// withoutAMP drops the ending that marks a page's AMP edition: "/amp", ".amp" or
// ".amp.html" after what looks like an article's name. Elsewhere it may be a word as
// good as any (an amplifier's page), and what the page calls canonical decides.
func withoutAMP(path string) string {
	for {
		short := path
		switch {
		case strings.HasSuffix(path, "/amp/"):
			short = strings.TrimSuffix(path, "amp/")
		case strings.HasSuffix(path, "/amp"), strings.HasSuffix(path, ".amp"):
			short = path[:len(path)-len("/amp")]
		case strings.HasSuffix(path, ".amp.html"):
			short = strings.TrimSuffix(path, ".amp.html") + ".html"
		}
		if short == path || !namesArticle(short) {
			return path
		}
		path = short
	}
}

// namesArticle tells paths whose last segment is a headline or holds a number, as
// those of articles do and those of sections do not.
func namesArticle(path string) bool {
	path = strings.TrimSuffix(path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	const words, digits = 3, 5
	run := 0
	for i := range len(last) {
		if c := last[i]; c < '0' || c > '9' {
			run = 0
			continue
		}
		if run++; run >= digits {
			return true
		}
	}
	return strings.Count(last, "-")+strings.Count(last, "_") >= words-1
}
