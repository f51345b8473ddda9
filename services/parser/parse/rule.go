package parse

import "strings"

// Rule is one way by which a field of a document is found.
type Rule struct {
	// Name is stable: it stands in Origin.rule. A last part in angle brackets
	// stands for the name of what was read.
	Name string
	// Meaning is for people.
	Meaning string
}

// Rules lists every rule, in the order of docs/parser.md.
func Rules() []Rule {
	return []Rule{
		{"jsonld.<property>", "a property of the JSON-LD object that describes the page's story"},
		{"jsonld.other.<property>", "the same property of another JSON-LD object of the page"},
		{"meta.<name>", "the meta element of that name or property, Open Graph's among them"},
		{"microdata.<property>", "the element with that itemprop"},
		{"html.lang", "the lang attribute of the html element"},
		{"link.<rel>", "the link element with that rel"},
		{"h1.supported", "the h1 (or, in old layouts, a lower heading) that another title supports"},
		{"h1.only", "the page's only h1, where nothing else gives a title"},
		{"title.element", "the title element without the site's name"},
		{"title.printed", "the part of the title element that the page prints by itself, where no h1 says so"},
		{"printed.byline", "the author line that the reader sees near the headline"},
		{"time.datetime", "the machine-readable date of an element that shows one"},
		{"printed.date", "a date that the reader sees near the headline"},
		{"printed.relative", "a time told from now, such as \"3 hours ago\", counted from the time of fetching"},
		{"script.published", "a publication time among the data of a script"},
		{"url.path", "a date in the page's address"},
		{"body.classifier", "the blocks that the trained classifier chose"},
		{"body.rules", "the blocks that fixed rules chose"},
		{"feed.<field>", "the feed's entry"},
		{"submission.<field>", "what the submitter said beside the document"},
		{"wire.<field>", "the form of an agency's plain text"},
		{"wire.firstSentence", "the first sentence of an agency's text that has no title"},
		{"nitf.<field>", "the element that NITF has for it"},
		{"newsml.<field>", "the element that NewsML-G2 has for it"},
		{"ninjs.<field>", "the member that ninjs has for it"},
		{"iptc7901.<field>", "the line that IPTC 7901 has for it"},
		{"charset.mark", "a byte order mark"},
		{"charset.zeros", "every second byte is zero: UTF-16 that lost its mark"},
		{"charset.transport", "the charset of the Content-Type header, in which the bytes decode"},
		{"charset.declared", "the document's own declaration, in which the bytes decode"},
		{"charset.valid", "the bytes are valid UTF-8, whatever is declared"},
		{"charset.nearly", "the bytes are UTF-8 but for a few"},
		{"charset.sniffed", "validity and letter frequencies of an East Asian encoding"},
		{"charset.default", "nothing told: windows-1252, the web's default"},
	}
}

// RuleOf returns the rule that an Origin names; ok is false where there is none.
func RuleOf(name string) (rule Rule, ok bool) {
	longest := ""
	for _, r := range Rules() {
		if r.Name == name {
			return r, true
		}
		stem, _, family := strings.Cut(r.Name, "<")
		if family && len(name) > len(stem) && strings.HasPrefix(name, stem) && len(stem) > len(longest) {
			rule, longest, ok = r, stem, true
		}
	}
	return rule, ok
}
