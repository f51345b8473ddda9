package up_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/dateline-news/dateline/pkg/bus"
	"github.com/dateline-news/dateline/pkg/client"
	"github.com/dateline-news/dateline/pkg/topology"
	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
	"github.com/dateline-news/dateline/services/dateline/up"
)

// browsers are the names under which Chromium is installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "headless-shell"}

// browser is a tab of a headless Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu sync.Mutex
	// complaints are errors on the console, of scripts, and against the policy.
	complaints []string
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skipf("the console is not looked at: none of %s is installed (apt-get install chromium)", strings.Join(browsers, ", "))
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], //nolint:gocritic // The array is copied.
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, closeAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(closeAllocator)
	b := &browser{t: t}
	var stop context.CancelFunc
	b.ctx, stop = chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(b.ctx)
		stop()
	})
	require.NoError(t, chromedp.Do(b.ctx))
	require.NoError(t, chromedp.Listen(b.ctx, b.hear))
	_, err := chromedp.Call(b.ctx, audits.Enable, cdp.Empty{})
	require.NoError(t, err)
	return b
}

// hear notes what a developer would see in red.
func (b *browser) hear(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			for _, arg := range e.Args {
				complaint += string(arg.Value) + " "
			}
		}
	case *runtime.EventExceptionThrown:
		complaint = fmt.Sprintf("exception: %+v", e.ExceptionDetails)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Source == "security" {
			complaint = e.Entry.Text + " " + e.Entry.URL
		}
	case *audits.EventIssueAdded:
		if e.Issue.Code == "ContentSecurityPolicyIssue" {
			complaint = fmt.Sprintf("policy: %+v", e.Issue.Details.ContentSecurityPolicyIssueDetails)
		}
	}
	if complaint != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.complaints = append(b.complaints, complaint)
	}
}

// within bounds one step.
const within = 45 * time.Second

// do runs steps.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// until waits for a condition in the page.
func (b *browser) until(condition string) error {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[any](condition)); err != nil {
		return fmt.Errorf("wait for %s: %w", condition, err)
	}
	return nil
}

func (b *browser) click(selector string) error {
	return b.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// as makes the screen one of a size and a choice of colours.
func (b *browser) as(width, height int64, colours string) error {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, ScreenWidth: width, ScreenHeight: height, DeviceScaleFactor: 1, Mobile: width < 500,
	})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: colours}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
	}
	return err
}

// fits says that nothing is wider than the screen.
const fits = "document.documentElement.scrollWidth <= screen.width && innerWidth <= screen.width"

// TestConsoleInABrowser uses the console as a person does, at a desk and on a phone,
// in light and dark, over a Dateline that works.
func TestConsoleInABrowser(t *testing.T) {
	b := openBrowser(t)
	var failed error
	runUp(t, testConfig(t, t.TempDir(), freeAddr(t)), up.Options{Demo: true}, func(ctx context.Context, _ *client.Client, out *transcript) error {
		address := regexp.MustCompile(`console +(http://\S+)`).FindStringSubmatch(out.String())[1]
		extra := regexp.MustCompile(`feeds add .*(http://\S+)`).FindStringSubmatch(out.String())[1]
		failed = errors.Join(
			b.atTheDesk(address, extra, func() error { return poison(ctx, connect(t, out.String())) }),
			b.hostile(func() error { return forge(ctx, connect(t, out.String())) }),
			b.onThePhone(address))
		return nil
	})
	require.NoError(t, failed)
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Empty(t, b.complaints)
}

// inOrder runs steps until one fails, and says which.
func inOrder(steps ...func() error) error {
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// arabic opens the article that is written from right to left.
const arabic = `#latest li a:has(.headline[lang="ar"])`

func (b *browser) atTheDesk(address, extraFeed string, poison func() error) error {
	const clicked = `document.querySelector("#told:not([hidden])")?.textContent.startsWith(%q)`
	return inOrder(
		func() error { return b.as(1280, 900, "light") },
		func() error { return b.do(chromedp.Navigate(address)) },
		// Articles arrive by themselves.
		func() error { return b.until(`document.querySelectorAll("#latest li").length >= 3`) },
		func() error {
			return b.until(`document.querySelectorAll("#latest li").length >= 18 && document.querySelectorAll("#feeds-list li").length === 7`)
		},
		func() error { return b.until(`document.querySelector("#status").dataset.state === "live"`) },
		func() error { return b.shoot("desk-light") },
		// By the keyboard, the first stop leads to the articles.
		func() error { return b.do(chromedp.KeyEvent("\t")) },
		func() error { return b.until(`document.activeElement.className === "skip"`) },
		// The books close.
		func() error { return b.click("#books > summary") },
		func() error {
			return b.until(`document.querySelectorAll("#books-rows tr[data-closed=true]").length === 9`)
		},
		func() error { return b.click("#books > summary") },
		// An article with what was found in it, from right to left.
		func() error { return b.click(arabic) },
		func() error { return b.until(`document.querySelectorAll("#reader-body .text mark").length > 3`) },
		func() error { return b.until(alignedRight("#reader-title")) },
		func() error { return b.until(alignedRight("#reader-body .text p:last-child")) },
		func() error { return b.until(`document.querySelector("#reader-body mark.dateline")`) },
		func() error { return b.shoot("article-light") },
		// Its trace.
		func() error { return b.click("#reader-trace") },
		func() error { return b.until(`document.querySelectorAll("#reader-body .steps li").length >= 4`) },
		func() error { return b.as(1280, 900, "dark") },
		func() error { return b.shoot("trace-dark") },
		func() error { return b.click("#reader-close") },
		func() error { return b.until("scrollTo(0, 0), scrollY === 0") },
		func() error { return b.shoot("desk-dark") },
		// Words of a headline, and back.
		func() error {
			return b.do(chromedp.KeyEvent("/"), chromedp.SendKeys(chromedp.CSS("#query"), "lifeboat school\r"))
		},
		func() error { return b.until(`document.querySelectorAll("#found-list li").length === 1`) },
		func() error { return b.click("#found-close") },
		// Of what was dropped, too, there is a trace.
		func() error {
			return b.do(chromedp.SetValue(chromedp.CSS("#query"), strings.TrimSuffix(extraFeed, "/kade/rss.xml")+"/nowhere"), chromedp.SendKeys(chromedp.CSS("#query"), "\r"))
		},
		func() error {
			return b.until(`document.querySelector("#reader-body .state")?.textContent === "unknown"`)
		},
		func() error { return b.click("#reader-close") },
		// A feed more.
		func() error { return b.do(chromedp.SendKeys(chromedp.CSS("#feeds-url"), extraFeed+"\r")) },
		func() error { return b.until(fmt.Sprintf(clicked, "Added")) },
		func() error { return b.until(`document.querySelectorAll("#feeds-list li").length === 8`) },
		func() error { return b.click("#feeds-list li:first-child summary") },
		func() error { return b.until(`document.querySelector("#feeds-list details[open] .past .steps li")`) },
		// What stands in quarantine is shown as text, sent back, and comes back.
		poison,
		func() error { return b.until(`document.querySelectorAll("#quarantine-list li").length === 2`) },
		func() error { return b.click("#quarantine-list li:last-child summary") },
		func() error { return b.until(`document.querySelector("#quarantine-list details[open] .past pre")`) },
		func() error { return b.shoot("quarantine-dark") },
		func() error { return b.click("#quarantine-list details[open] button.primary") },
		func() error { return b.click("#ask button.primary") },
		func() error { return b.until(fmt.Sprintf(clicked, "Sent back to parser")) },
	)
}

// forge publishes an event whose every text tries to be more than text.
func forge(ctx context.Context, b *bus.Bus) error {
	const script = `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>`
	msg, err := bus.Encode(topology.ArticleEnriched("en", "", "forged"), &datelinev1.Article{
		Id: "forged", Revision: 1, Source: &datelinev1.Source{FeedTitle: script, FeedUrl: "javascript:window.hacked=3"},
		Document: &datelinev1.Document{Headline: script + "\u202eforged", CanonicalUrl: "javascript:window.hacked=4", Text: script + " said nobody.", Byline: script},
		Enrichment: &datelinev1.Enrichment{
			Language: &datelinev1.Language{Code: `en" onload="window.hacked=5`},
			Quotes:   []*datelinev1.Quote{{Text: script, Speaker: script, Span: &datelinev1.Span{Start: 0, End: 20}}},
			Entities: []*datelinev1.Entity{{Name: script, Kind: "person", Mentions: []*datelinev1.Mention{{Span: &datelinev1.Span{Start: 21, End: 30}}}}},
		},
	}, bus.JSON)
	if err != nil {
		return err
	}
	_, err = b.JS.PublishMsg(ctx, msg)
	return err
}

// hostile opens an article that attacks the page.
func (b *browser) hostile(forge func() error) error {
	const inert = `!window.hacked && !document.querySelector("main img, dialog img, main script, dialog script, [href^=javascript], [onload], [onerror]")`
	return inOrder(
		forge,
		func() error {
			return b.until(`document.querySelector("#latest li:first-child .headline")?.textContent.includes("onerror")`)
		},
		func() error { return b.click("#latest li:first-child a") },
		func() error { return b.until(`document.querySelector("#reader-body .text mark")`) },
		func() error { return b.until(inert) },
		func() error { return b.click("#reader-trace") },
		func() error { return b.until(`document.querySelector("#reader-body .state")`) },
		func() error { return b.until(inert) },
		func() error { return b.click("#reader-close") },
	)
}

// alignedRight says that a text ends at the right edge of its box, and does not begin
// at the left.
func alignedRight(selector string) string {
	return fmt.Sprintf(`(() => {
		const node = document.querySelector(%q), range = document.createRange();
		range.selectNodeContents(node);
		const box = node.getBoundingClientRect(), lines = [...range.getClientRects()];
		return Math.abs(Math.max(...lines.map((l) => l.right)) - box.right) < 3 && Math.min(...lines.map((l) => l.left)) >= box.left - 1;
	})()`, selector)
}

func (b *browser) onThePhone(address string) error {
	return inOrder(
		func() error { return b.as(360, 800, "dark") },
		func() error { return b.do(chromedp.Navigate(address)) },
		func() error { return b.until(`document.querySelectorAll("#latest li").length >= 18`) },
		func() error { return b.until(`document.querySelectorAll("#feeds-list li").length === 8`) },
		func() error { return b.until(fits) },
		func() error { return b.shoot("phone-dark") },
		func() error { return b.click("#theme") },
		func() error {
			return b.until(`document.documentElement.dataset.theme === "light" && getComputedStyle(document.body).backgroundColor === "rgb(245, 244, 240)"`)
		},
		func() error { return b.click(arabic) },
		func() error { return b.until(`document.querySelector("#reader-body .text mark")`) },
		func() error { return b.until(fits) },
		func() error {
			return b.until(`document.querySelector("#reader-body").scrollWidth <= document.querySelector("#reader-body").clientWidth`)
		},
		func() error { return b.until(alignedRight("#reader-title")) },
		func() error { return b.shoot("phone-article-light") },
		func() error { return b.click("#reader-trace") },
		func() error { return b.until(`document.querySelectorAll("#reader-body .steps li").length >= 4`) },
		func() error { return b.until(fits) },
		func() error { return b.shoot("phone-trace-light") },
		func() error { return b.click("#reader-close") },
		func() error { return b.click("#books > summary") },
		func() error { return b.until(fits) },
	)
}
