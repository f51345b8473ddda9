package parse_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"github.com/dateline-news/dateline/pkg/bus/bustest"
	"github.com/dateline-news/dateline/pkg/stage"
	"github.com/dateline-news/dateline/pkg/worker"
	"github.com/dateline-news/dateline/services/parser/internal/template"
	"github.com/dateline-news/dateline/services/parser/parse"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// letterBox looks like a paragraph and stands under every story of the courier.
const letterBox = "The courier belongs to its readers and takes no money from parties or companies; what it prints is paid for by those who read it."

// townPage is the n-th story of the courier.
func townPage(n int) *datelinev1.Page {
	town := [...]string{"Lisser", "Tamarin", "Oberau", "Quillan", "Vestby", "Marrow", "Senlis", "Dunmore"}[n%8]
	head := fmt.Sprintf("%s opens its bridge again", town)
	page := look(0, harbourPage(head,
		fmt.Sprintf("<p>The old bridge of %s was opened again on Friday morning, %d days after the storm had torn the railing from its northern side.</p>", town, n+2)+
			fmt.Sprintf("<p>The mayor of %s said that the work had cost %d thousand, most of which the county is to pay back before the winter.</p>", town, 40+n)+
			fmt.Sprintf("<p>Lorries of more than %d tonnes are to keep to the other bank, at least until the engineers of %s have looked at the piers.</p>", n+3, town)+
			"<p>"+letterBox+"</p>"))
	page.Article.Id = fmt.Sprint("town", n)
	return page
}

// shelf is one host's statistics, or an error.
type shelf struct {
	host *template.Host
	err  error
}

func (s *shelf) Of(context.Context, string) (*template.Host, error) { return s.host, s.err }

func (s *shelf) Learn(_ context.Context, _ string, article template.Print, prints []template.Print) error {
	s.host = s.host.With(article, prints)
	return s.err
}

func handled(t *testing.T, m memory, h *shelf, page *datelinev1.Page) *datelinev1.Article {
	t.Helper()
	outs, err := parse.NewHandlerAmong(m, h)(t.Context(), page)
	require.NoError(t, err)
	require.Len(t, outs, 1)
	return outs[0].Message.(*datelinev1.Article)
}

func notesOf(a *datelinev1.Article) []string { return a.GetTrail()[len(a.GetTrail())-1].GetNotes() }

func TestTemplatesAreLearnt(t *testing.T) {
	t.Parallel()
	h := &shelf{}
	for n := range 3 {
		a := handled(t, memory{}, h, townPage(n))
		require.Contains(t, a.GetDocument().GetText(), letterBox)
		require.Empty(t, notesOf(a))
		require.Equal(t, a.GetDocument(), handled(t, memory{}, h, townPage(n)).GetDocument(), "it is no other page of itself")
	}
	first := handled(t, memory{}, &shelf{}, townPage(3))
	fourth := handled(t, memory{}, h, townPage(3))
	require.NotContains(t, fourth.GetDocument().GetText(), "belongs to its readers")
	require.Contains(t, fourth.GetDocument().GetText(), "keep to the other bank")
	require.Len(t, fourth.GetDocument().GetBlocks(), 3)
	require.Equal(t, []string{"1 block that other pages of the host have was left out"}, notesOf(fourth))

	// What is learnt later is no change of the story.
	again := townPage(3)
	again.Article.Fetch.Refetch = 1
	_, err := parse.NewHandlerAmong(memory{last: first}, h)(t.Context(), again)
	require.EqualError(t, err, "dropped: unchanged")
	_, err = parse.NewHandlerAmong(memory{last: fourth}, h)(t.Context(), again)
	require.EqualError(t, err, "dropped: unchanged")

	pushed := townPage(4)
	pushed.Article.Fetch.Via = "push"
	require.Contains(t, handled(t, memory{}, h, pushed).GetDocument().GetText(), letterBox, "a publisher's own document is left alone")
}

// The same story under many addresses is a story.
func TestReprintsStay(t *testing.T) {
	t.Parallel()
	h := &shelf{}
	whole := handled(t, memory{}, h, townPage(0)).GetDocument().GetText()
	for n := range 9 {
		page := townPage(0)
		page.Article.Id = fmt.Sprint("reprint", n)
		require.Equal(t, whole, handled(t, memory{}, h, page).GetDocument().GetText())
	}
}

func TestTemplatesCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	h := &shelf{err: errors.New("no server")}
	first := handled(t, memory{}, h, townPage(0))
	require.Contains(t, first.GetDocument().GetText(), letterBox)
	again := townPage(0)
	again.Article.Fetch.Refetch = 1
	_, err := parse.NewHandlerAmong(memory{last: first}, h)(t.Context(), again)
	require.Equal(t, stage.VerdictRetry, stage.VerdictOf(err))
}

// The feed's words, which stand in for a page without text, teach nothing.
func TestTheFeedTeachesNothing(t *testing.T) {
	t.Parallel()
	h := &shelf{}
	page := look(0, "<html><body><noscript>Please enable JavaScript</noscript></body></html>")
	page.Article.Source.Entry = &datelinev1.Entry{Title: harbourHead, Content: harbourText + harbourText}
	require.Equal(t, "feed", handled(t, memory{}, h, page).GetDocument().GetPageType())
	require.Nil(t, h.host)
}

func TestStageLearnsTemplates(t *testing.T) {
	t.Parallel()
	b := bustest.Start(t)
	var settings parse.Settings
	settings.Parser.Templates = true
	registry := prometheus.NewRegistry()
	p := startPlantOn(t, b, worker.NewEnv(b, zaptest.NewLogger(t), registry, nil), settings)
	for n := range 4 {
		p.fetched(townPage(n))
		a := p.next()
		if n == 3 {
			require.NotContains(t, a.GetDocument().GetText(), letterBox)
		}
	}
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == "dateline_parse_furniture_blocks_total" {
			require.EqualValues(t, 1, f.GetMetric()[0].GetCounter().GetValue())
			return
		}
	}
	require.Fail(t, "no count of what was left out")
}
