package parse

import "fmt"

// Reasons of Rejected: a closed list, fit for a metric's label.
const (
	ReasonEmpty   = "empty"
	ReasonConsent = "consent"
	ReasonPaywall = "paywall"
	ReasonLogin   = "login"
	ReasonError   = "error"
	ReasonScript  = "script"
	ReasonList    = "list"
	ReasonBinary  = "binary"
)

// Rejected says that a page holds no story. It is no failure: the page was
// understood, and is to be dropped.
type Rejected struct {
	// PageType is the page's type as in Document.page_type; empty where the
	// bytes are no page at all.
	PageType string
	// Reason is one of the Reason constants.
	Reason string
}

func (e *Rejected) Error() string { return "no article: " + e.Reason }

// Reasons of Undecodable: a closed list, fit for a metric's label.
const (
	TooLarge = "too-large"
	TooDeep  = "too-deep"
	TooSlow  = "too-slow"
	// Malformed: an agency's document that breaks off or breaks its format's rules.
	Malformed = "malformed"
	// SeveralStories: an agency's message holds more than one story.
	SeveralStories = "several-stories"
)

// Undecodable says that a page can never be parsed by this version.
type Undecodable struct {
	// Reason is one of the constants.
	Reason string
	// Detail is for people.
	Detail string
}

func (e *Undecodable) Error() string { return "undecodable page: " + e.Reason + ": " + e.Detail }

func sizeDetail(size, limit int) string {
	return fmt.Sprintf("%d bytes, the limit is %d", size, limit)
}
