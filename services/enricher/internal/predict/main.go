// Command predict writes what the enricher makes of evaluation data that no event
// shows: the sentences of texts, how pairs of texts belong together, and the score of
// quotes in labelled wire stories, which are a part of it.
//
//	predict -data DIR > predictions.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
	"github.com/dateline-news/dateline/services/enricher/internal/quote"
	"github.com/dateline-news/dateline/services/enricher/internal/quote/agency"
	"github.com/dateline-news/dateline/services/enricher/internal/sentence"
	"github.com/dateline-news/dateline/services/enricher/internal/story"
)

func main() {
	data := flag.String("data", "", "folder of the enrichment tasks")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	if err := errors.Join(predict(*data, json.NewEncoder(out)), out.Flush()); err != nil {
		fmt.Fprintln(os.Stderr, "predict:", err)
		os.Exit(1)
	}
}

// row is a line of either task.
type row struct {
	ID, Lang, Text            string
	Family, Variant, Relation string
}

// prediction is a line of the output.
type prediction struct {
	Task      string   `json:"task"`
	ID        string   `json:"id,omitempty"`
	Sentences []string `json:"sentences,omitempty"`
	// Variant of an original, and whether the two are joined.
	Variant  string `json:"variant,omitempty"`
	Relation string `json:"relation,omitempty"`
	Joined   bool   `json:"joined,omitempty"`
	// Pairs of unrelated originals, and how many of them are joined.
	Pairs int `json:"pairs,omitempty"`
	Wrong int `json:"wrong,omitempty"`
	// Score is that of the quotes of one kind in a labelled wire story.
	Lang  string        `json:"lang,omitempty"`
	Kind  string        `json:"kind,omitempty"`
	Score *agency.Score `json:"score,omitempty"`
}

func predict(data string, out *json.Encoder) error {
	sentences, err := read(filepath.Join(data, "sentences", "sentences.jsonl"))
	if err != nil {
		return err
	}
	for _, r := range sentences {
		p := prediction{Task: "sentences", ID: r.ID}
		for _, s := range sentence.Split(r.Text, r.Lang) {
			p.Sentences = append(p.Sentences, r.Text[s.Start:s.End])
		}
		if err := out.Encode(p); err != nil {
			return fmt.Errorf("write the sentences: %w", err)
		}
	}
	texts, err := read(filepath.Join(data, "dedup", "dedup.jsonl"))
	if err != nil {
		return err
	}
	if err := pairs(texts, out); err != nil {
		return err
	}
	return speech(out)
}

// speech scores the quotes of the labelled wire stories.
func speech(out *json.Encoder) error {
	stories, err := agency.Stories()
	if err != nil {
		return err
	}
	for i := range stories {
		s := &stories[i]
		quotes := quote.Find(story.Read(s.Text, s.Lang))
		for _, kind := range []string{agency.Direct, agency.Indirect} {
			score, _ := s.Score(kind, quotes)
			if err := out.Encode(prediction{Task: "speech", Lang: s.Lang, Kind: kind, Score: &score}); err != nil {
				return fmt.Errorf("write the score of a wire story: %w", err)
			}
		}
	}
	return nil
}

// pairs compares each variant with its original, and all that are of different
// families with each other.
func pairs(texts []row, out *json.Encoder) error {
	signatures := make([]neardup.Signature, len(texts))
	originals := map[string]*neardup.Signature{}
	for i, r := range texts {
		signatures[i], _ = neardup.Sign(r.Text)
		if r.Relation == "original" {
			originals[r.Family] = &signatures[i]
		}
	}
	unrelated := prediction{Task: "unrelated"}
	for i, r := range texts {
		if original := originals[r.Family]; original != nil && r.Relation != "original" {
			joined := neardup.Compare(original, &signatures[i]).Kind != neardup.None
			if err := out.Encode(prediction{Task: "dedup", Variant: r.Variant, Relation: r.Relation, Joined: joined}); err != nil {
				return fmt.Errorf("write a pair: %w", err)
			}
		}
		for j := range i {
			// A mixture holds a paragraph of another family.
			if texts[j].Family == r.Family || r.Relation == "different" || texts[j].Relation == "different" {
				continue
			}
			unrelated.Pairs++
			if neardup.Compare(&signatures[j], &signatures[i]).Kind != neardup.None {
				unrelated.Wrong++
			}
		}
	}
	if err := out.Encode(unrelated); err != nil {
		return fmt.Errorf("write the unrelated pairs: %w", err)
	}
	return nil
}

func read(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the data: %w", err)
	}
	defer f.Close()
	var rows []row
	for decode := json.NewDecoder(f); ; {
		var r row
		switch err := decode.Decode(&r); {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		rows = append(rows, r)
	}
}
