package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// chart is a set of small plots over the same time, one below the other.
type chart struct {
	title   string
	minutes []float64
	panels  []panel
}

type panel struct {
	title string
	lines []line
}

// line is one figure's course; its name stands in the legend.
type line struct {
	name   string
	values []float64
}

// Sizes, in pixels.
const (
	chartWidth  = 800
	plotLeft    = 60
	plotRight   = chartWidth - 16
	plotHeight  = 80
	panelHeight = plotHeight + 46
	chartTop    = 34
	// maxPoints is how many points a line has at most.
	maxPoints = 700
)

// lineColours are told apart also by those who see colours otherwise, on light and on
// dark ground.
var lineColours = []string{"#2f86c9", "#d55e00", "#009e73", "#cc79a7"}

// chartStyle follows the reader's choice of light or dark.
const chartStyle = `text{font:12px sans-serif;fill:#333}.n{font-size:11px;fill:#666}.g{stroke:#ddd}path{fill:none;stroke-width:1.5}` +
	`@media(prefers-color-scheme:dark){text{fill:#ddd}.n{fill:#aaa}.g{stroke:#444}}`

// svg draws the chart.
func (c chart) svg() string {
	var b strings.Builder
	height := chartTop + len(c.panels)*panelHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img"><title>%[3]s</title><style>%[4]s</style>`,
		chartWidth, height, html.EscapeString(c.title), chartStyle)
	fmt.Fprintf(&b, "\n<text x=\"%d\" y=\"20\" font-weight=\"bold\">%s</text>\n", plotLeft, html.EscapeString(c.title))
	for i, p := range c.panels {
		c.draw(&b, p, chartTop+i*panelHeight)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// draw writes one panel whose upper edge is at top.
func (c chart) draw(b *strings.Builder, p panel, top int) {
	highest := 0.0
	for _, l := range p.lines {
		for _, v := range l.values {
			highest = max(highest, v)
		}
	}
	highest = roundUp(highest)
	base := top + 20 + plotHeight
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, plotLeft, top+12, html.EscapeString(p.title))
	c.legend(b, p, top+12)
	for _, part := range []float64{0, .5, 1} {
		y := float64(base) - part*plotHeight
		fmt.Fprintf(b, `<line class="g" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="n" x="%d" y="%.1f" text-anchor="end">%g</text>`,
			plotLeft, plotRight, y, y, plotLeft-6, y+4, part*highest)
	}
	end := c.minutes[len(c.minutes)-1]
	step := roundUp(end / 10)
	for m := 0.0; m <= end; m += step {
		fmt.Fprintf(b, `<text class="n" x="%.1f" y="%d" text-anchor="middle">%g min</text>`, c.x(m), base+14, math.Round(m*100)/100)
	}
	for i, l := range p.lines {
		fmt.Fprintf(b, "\n<path stroke=\"%s\" d=\"%s\"/>", lineColours[i%len(lineColours)], c.path(l.values, highest, base))
	}
	b.WriteByte('\n')
}

// legend names the lines, from the right edge leftwards.
func (c chart) legend(b *strings.Builder, p panel, y int) {
	x := plotRight
	for i := len(p.lines) - 1; i >= 0; i-- {
		if name := p.lines[i].name; name != "" {
			fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end" style="fill:%s">%s</text>`, x, y, lineColours[i%len(lineColours)], html.EscapeString(name))
			x -= 8*len(name) + 12
		}
	}
}

func (c chart) x(minute float64) float64 {
	return plotLeft + (plotRight-plotLeft)*minute/c.minutes[len(c.minutes)-1]
}

func (c chart) path(values []float64, highest float64, base int) string {
	var b strings.Builder
	stride := (len(values) + maxPoints - 1) / maxPoints
	for i := 0; i < len(values); i += stride {
		command := byte('L')
		if i == 0 {
			command = 'M'
		}
		fmt.Fprintf(&b, "%c%.1f %.1f", command, c.x(c.minutes[i]), float64(base)-plotHeight*values[i]/highest)
	}
	return b.String()
}

// roundUp is the next of 1, 2, 4, 5 and their tenfolds.
func roundUp(v float64) float64 {
	if v <= 0 {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, round := range []float64{1, 2, 4, 5} {
		if v <= round*ten {
			return round * ten
		}
	}
	return 10 * ten
}
