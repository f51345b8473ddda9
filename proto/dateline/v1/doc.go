// Package datelinev1 is the contract of Dateline: what publishers submit, what
// travels between its services, and what consumers get.
//
// The enriched event is an [Article] with all its parts filled, published on
// articles.enriched.<language>.<topic>.<id>. It is written in protobuf's
// canonical JSON unless configured otherwise; the header Content-Type tells.
//
// # Identity
//
// An article's id follows from its URL, or from its content where it has none,
// and never changes. A changed article is published again with the next
// revision. Delivery is at least once: consumers key on (id, revision), which is
// also the CloudEvents id.
//
// # Compatibility
//
// Within v1 fields are added, never changed or taken away, which the build
// checks against the last released contract. Words such as document.page_type
// are strings from a documented list that may grow; take an unknown one for what
// it says. An unset field means "not known", never a value.
package datelinev1
