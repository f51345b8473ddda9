package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/stage"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/internal/newsform"
)

// Bounds of a submission. Labels are copied to every article of a feed.
const (
	maxFeedPayload = 256 << 10
	maxURLLine     = 8192
	maxLabels      = 64
	maxLabel       = 1 << 10
	maxHeaders     = 32
	maxHeader      = 8 << 10
	maxLine        = 1 << 10
)

// readFeedSubmission reads a plain URL, JSON or protobuf Feed. The media type
// decides where the headers name one; otherwise the payload's look does.
func readFeedSubmission(raw stage.Raw) (*datelinev1.Feed, error) {
	if len(raw.Data) > maxFeedPayload {
		return nil, fmt.Errorf("the payload has %d bytes; a feed takes %d at most", len(raw.Data), maxFeedPayload)
	}
	if encoding := raw.Header.Get(bus.HeaderContentEncoding); encoding != "" && encoding != "identity" {
		return nil, fmt.Errorf("the payload's content encoding is %.20q; send a feed as it is", encoding)
	}
	given := &datelinev1.Feed{}
	trimmed := bytes.TrimSpace(raw.Data)
	mediaType, _ := mediaTypeOf(raw.Header.Get(bus.HeaderContentType))
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("the payload is empty; give the URL of a feed")
	case isProtobuf(mediaType):
		if err := proto.Unmarshal(raw.Data, given); err != nil {
			return nil, errors.New("the payload is no protobuf dateline.v1.Feed")
		}
	case mediaType == bus.TypeJSON, trimmed[0] == '{':
		if err := readJSON(trimmed, given); err != nil {
			return nil, fmt.Errorf("the payload is no JSON feed: %w; give {\"url\": \"https://example.org/feed.xml\"}", err)
		}
	case isPlain(trimmed):
		if len(trimmed) > maxURLLine {
			return nil, fmt.Errorf("the payload is a line of %d bytes; a URL takes %d at most", len(trimmed), maxURLLine)
		}
		if bytes.ContainsAny(trimmed, "\r\n") {
			return nil, errors.New("the payload has several lines; give one URL a message")
		}
		given.Url = string(trimmed)
	default:
		if err := proto.Unmarshal(raw.Data, given); err != nil || len(given.ProtoReflect().GetUnknown()) > 0 {
			return nil, errors.New("the payload is neither a URL nor JSON nor protobuf")
		}
	}
	return checkFeed(given)
}

// checkFeed takes from a submission what is a submitter's to say, within bounds.
func checkFeed(given *datelinev1.Feed) (*datelinev1.Feed, error) {
	if given.GetUrl() == "" {
		return nil, errors.New("the feed has no url")
	}
	if len(given.GetHeaders()) > maxHeaders {
		return nil, fmt.Errorf("the feed has %d headers; %d are the most", len(given.GetHeaders()), maxHeaders)
	}
	for name, value := range given.GetHeaders() {
		// The value may be a key: it is not repeated.
		if len(name)+len(value) > maxHeader || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return nil, fmt.Errorf("header %.80q cannot be sent: a name takes letters, digits and hyphens, a value one line", name)
		}
	}
	for name, d := range map[string]*durationpb.Duration{"minInterval": given.GetMinInterval(), "maxInterval": given.GetMaxInterval()} {
		if d != nil && (d.CheckValid() != nil || d.AsDuration() <= 0) {
			return nil, fmt.Errorf("%s is no duration over 0s; give one such as \"10m\"", name)
		}
	}
	labels, err := checkLabels(given.GetLabels())
	if err != nil {
		return nil, err
	}
	return &datelinev1.Feed{
		Url: given.GetUrl(), Title: cleanLine(given.GetTitle()), SiteUrl: cleanLine(given.GetSiteUrl()), Labels: labels, Headers: given.GetHeaders(),
		MinInterval: given.GetMinInterval(), MaxInterval: given.GetMaxInterval(),
	}, nil
}

func checkLabels(labels map[string]string) (map[string]string, error) {
	if len(labels) > maxLabels {
		return nil, fmt.Errorf("there are %d labels; %d are the most", len(labels), maxLabels)
	}
	if len(labels) == 0 {
		return nil, nil
	}
	clean := make(map[string]string, len(labels))
	for name, value := range labels {
		if len(name)+len(value) > maxLabel {
			return nil, fmt.Errorf("label %.80q is too long; %d bytes are the most", name, maxLabel)
		}
		if name = cleanLine(name); name == "" {
			return nil, errors.New("a label has no name")
		}
		clean[name] = cleanLine(value)
	}
	return clean, nil
}

// isPlain says whether a payload is text, not protobuf: that holds control
// characters, at least where a URL's length is a byte.
func isPlain(data []byte) bool {
	return utf8.Valid(data) && !bytes.ContainsFunc(data, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\r' && r != '\n'
	})
}

func isProtobuf(mediaType string) bool {
	return mediaType == bus.TypeProtobuf || mediaType == "application/x-protobuf"
}

// mediaTypeOf takes a content type apart.
func mediaTypeOf(contentType string) (mediaType, charset string) {
	mediaType, parameters, _ := mime.ParseMediaType(contentType)
	return mediaType, cleanLine(parameters["charset"])
}

// readJSON reads a message written by hand: besides protobuf's own JSON it takes
// labels as a list, and durations such as "10m". An unknown name is an error,
// since it is most likely a misspelt one.
func readJSON(data []byte, m proto.Message) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	if text := fields["headers"]; text != nil && json.Unmarshal(text, &map[string]string{}) != nil {
		// The parser's own error would repeat a value, which may be a key.
		return errors.New("headers must be an object of texts, such as {\"Authorization\": \"…\"}")
	}
	if text := fields["labels"]; len(text) > 0 && text[0] == '[' {
		labels, err := labelList(text)
		if err != nil {
			return err
		}
		fields["labels"] = labels
	}
	for _, name := range []string{"minInterval", "min_interval", "maxInterval", "max_interval"} {
		var text string
		if fields[name] == nil || json.Unmarshal(fields[name], &text) != nil {
			continue
		}
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%s is %.40q; give a duration such as \"10m\"", name, text)
		}
		fields[name] = fmt.Appendf(nil, "\"%d.%09ds\"", d/time.Second, (d % time.Second).Abs())
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	if err := protojson.Unmarshal(rest, m); err != nil {
		// protojson joins its words by a changing kind of space, lest anybody
		// compare them.
		return errors.New(strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "proto:"), "\u00a0", " ")))
	}
	return nil
}

// labelList makes labels with no values of a list of names.
func labelList(text json.RawMessage) (json.RawMessage, error) {
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return nil, errors.New("labels must be a list of texts, or an object of texts")
	}
	labels := make(map[string]string, len(names))
	for _, name := range names {
		labels[name] = ""
	}
	return json.Marshal(labels)
}

// document is a pushed document: what is said of it, and its bytes as they came.
type document struct {
	about              *datelinev1.Submission
	mediaType, charset string
	content            []byte
}

// readDocument reads a pushed document of at most maxBytes: a Submission in JSON
// or protobuf, or the document itself with its URL, title and time in headers.
func readDocument(raw stage.Raw, maxBytes int) (document, error) {
	data, err := bus.Decompress(raw.Header, raw.Data)
	if err != nil {
		return document{}, err
	}
	doc := document{about: &datelinev1.Submission{}}
	trimmed := bytes.TrimSpace(data)
	mediaType, charset := mediaTypeOf(raw.Header.Get(bus.HeaderContentType))
	isJSON := mediaType == bus.TypeJSON || mediaType == "" && len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(trimmed)
	// A news object is a document itself, and no Submission with one inside.
	isJSON = isJSON && newsform.Of(trimmed) != newsform.NinJS
	switch {
	case len(trimmed) == 0:
		return document{}, errEmptyDocument
	case isJSON, isProtobuf(mediaType):
		// Within JSON a byte may be written as six ("\u0022").
		if len(data) > 2*maxBytes+maxFeedPayload {
			return document{}, tooLarge(len(data), 2*maxBytes+maxFeedPayload)
		}
		if err := readSubmission(data, isJSON, doc.about); err != nil {
			return document{}, err
		}
		doc.content = []byte(doc.about.GetContent())
		doc.mediaType, _ = mediaTypeOf(doc.about.GetContentType())
		// Whatever the document says of its charset, text in JSON and protobuf has
		// been UTF-8 since.
		doc.charset = "utf-8"
	default:
		doc.content, doc.mediaType, doc.charset = data, mediaType, charset
		doc.about.Url, doc.about.Title, doc.about.Published = raw.Header.Get(bus.HeaderURL), raw.Header.Get(bus.HeaderTitle), raw.Header.Get(bus.HeaderPublished)
	}
	return doc, doc.check(maxBytes)
}

var errEmptyDocument = errors.New("the document is empty")

func tooLarge(n, limit int) error {
	return fmt.Errorf("the document has %d bytes; %d are the most", n, limit)
}

func readSubmission(data []byte, isJSON bool, into *datelinev1.Submission) error {
	if isJSON {
		if err := readJSON(bytes.TrimSpace(data), into); err != nil {
			return fmt.Errorf("the payload is no JSON document: %w; give {\"content\": \"…\", \"url\": \"…\"}", err)
		}
		return nil
	}
	if err := proto.Unmarshal(data, into); err != nil {
		return errors.New("the payload is no protobuf dateline.v1.Submission")
	}
	return nil
}

// check bounds a document and finds out its media type where none was given.
func (d *document) check(maxBytes int) error {
	if len(bytes.TrimSpace(d.content)) == 0 {
		return errEmptyDocument
	}
	if len(d.content) > maxBytes {
		return tooLarge(len(d.content), maxBytes)
	}
	if d.mediaType == "" || d.mediaType == "application/octet-stream" {
		d.mediaType = sniff(d.content)
	}
	if !readable(d.mediaType) && newsform.Of(d.content) == newsform.None {
		return fmt.Errorf("the document is %.80q; give HTML, plain text, NITF, NewsML-G2, ninjs or IPTC 7901", d.mediaType)
	}
	labels, err := checkLabels(d.about.GetLabels())
	if err != nil {
		return err
	}
	d.about = &datelinev1.Submission{
		Url: d.about.GetUrl(), Title: cleanLine(d.about.GetTitle()), Published: cleanLine(d.about.GetPublished()), Labels: labels,
	}
	return nil
}

// sniff tells a document's media type by how it begins: the agencies' formats, HTML
// and plain text from each other, and all from pictures, archives and the like.
func sniff(content []byte) string {
	if form := newsform.Of(content); form != newsform.None {
		return form.MediaType()
	}
	head := bytes.ToLower(bytes.TrimSpace(content[:min(len(content), 512)]))
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	for _, start := range []string{"<!doctype html", "<html", "<head", "<body", "<article", "<p", "<div", "<h1", "<!--", "<?xml"} {
		if bytes.HasPrefix(head, []byte(start)) {
			return "text/html"
		}
	}
	mediaType, _, _ := strings.Cut(http.DetectContentType(content), ";")
	if strings.HasPrefix(mediaType, "text/") || mediaType == "application/octet-stream" {
		return "text/plain"
	}
	return mediaType
}

// cleanLine makes one line of bounded, valid text of what a submitter wrote,
// without characters that turn the direction of what follows.
func cleanLine(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	if len(s) > maxLine {
		s = strings.ToValidUTF8(s[:maxLine], "")
	}
	return s
}
