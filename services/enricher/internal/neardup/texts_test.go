package neardup_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/neardup"
)

const ferry = `HARWICH — The overnight ferry to Esbjerg returned to port on Tuesday after a fire in a laundry room filled two decks with smoke, the operator said.

Nobody was hurt. The 214 passengers spent the night in the terminal and in two hotels, and most of them sailed again on Wednesday morning on another ship.

"The crew had the fire out in eleven minutes," said Marit Solheim, who speaks for the line. "We turned round because we could, not because we had to."

Inspectors from the maritime agency went on board at dawn. They will look at the wiring of a tumble dryer that was replaced in March, according to a person who has seen their first note.

The route, which closed for nine years, was opened again last summer with money from both port towns. It carries some forty lorries and three hundred travellers on a good night, fewer in winter.

Harbour traffic was held up for an hour. The next sailing is planned for Friday, and tickets remain valid until the end of the month.`

const orchard = `Growers in the valley expect the smallest apple harvest in a generation after three nights of frost in late April burnt the blossom on the lower slopes.

The cooperative at Lindau, which presses half of the region's juice, says that it has contracts for only a third of the usual fruit and will run one line in place of four.

"We lit candles under every tree, and it was not enough," said Jakob Brandl, whose family has farmed there since 1921. He counts on help from a fund that was set up after the hail of 2019.

Prices for cider apples have doubled since May. A brewer in the next valley has begun to buy from abroad, for the first time in its history.

The farm ministry will publish its estimate in August. Insurers say that damage by frost is rarely covered, since few growers take out the dear policies that include it.`

func signed(text string) *neardup.Signature {
	s, ok := neardup.Sign(text)
	if !ok {
		panic("no words in " + text)
	}
	return &s
}

func paragraphs(text string) []string { return strings.Split(text, "\n\n") }

// edited puts another word in place of one in every n.
func edited(text string, n int) string {
	words := strings.Split(text, " ")
	for i := n / 2; i < len(words); i += n {
		words[i] = fmt.Sprint("changed", i)
	}
	return strings.Join(words, " ")
}

// story makes up a text of so many words, the same for the same seed.
func story(seed uint64, words int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]string, words)
	for i := range out {
		out[i] = fmt.Sprintf("w%d", r.IntN(5000))
	}
	return out
}
