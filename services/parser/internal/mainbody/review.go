package mainbody

// Choice is a block that was chosen for the story, for a caller that knows more
// pages of its host than this one.
type Choice struct {
	Text string
	// Path is the same for blocks that stand in elements of the same names and
	// classes.
	Path    uint64
	Heading bool
	// Leave is set by the caller to leave the block out.
	Leave bool
}

// review asks the caller about what was chosen.
func review(pg *page, kept []bool, ask func([]Choice)) {
	if ask == nil {
		return
	}
	var (
		choices []Choice
		places  []int
	)
	for i, keep := range kept {
		if !keep {
			continue
		}
		c := Choice{Text: pg.blocks[i].text}
		if el := pg.blocks[i].el; el >= 0 {
			c.Path, c.Heading = pg.elements[el].path, isHeading(pg.elements[el].tag)
		}
		choices, places = append(choices, c), append(places, i)
	}
	ask(choices)
	for k, place := range places {
		kept[place] = !choices[k].Leave
	}
}
