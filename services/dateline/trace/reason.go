package trace

// reasons are what the short words for drops mean. They come from the stages.
var reasons = map[string]string{
	"consent":        "its page is a wall that asks for consent",
	"paywall":        "its page is a paywall with too little before it",
	"login":          "its page asks to log in",
	"error":          "its page says that there is none",
	"script":         "its page has no text without its scripts",
	"list":           "its page lists other articles",
	"binary":         "its page is no text",
	"empty":          "it has no text",
	"robots":         "robots.txt forbids its page",
	"gone":           "its page is not there (404 or 410)",
	"forbidden":      "its server does not let us have the page (401, 402, 403 or 451)",
	"status":         "its server answered with another status than 200",
	"media-type":     "its address leads to something that is no page",
	"unchanged":      "another look found nothing new",
	"missing":        "another look found no page",
	"pushed":         "its publisher pushes it, so its page is not looked at again",
	"refetch-failed": "another look at its page failed",
	"refetch-busy":   "its host has too many pages waiting for another look",
	"refetch-budget": "its host has had its looks of the day",
	"refetch-off":    "pages are not looked at again",
	"no-earlier":     "its page has vanished, and no event of it is kept",
}

// meaning says what a reason means, with the word itself.
func meaning(reason string) string {
	if text, ok := reasons[reason]; ok {
		return text + " (" + reason + ")"
	}
	return reason
}

// Meaning says what a drop's reason means; empty where the word says it all.
func Meaning(reason string) string { return reasons[reason] }
