package main

// snapshots is how often an epoch the weights are added to the average.
const snapshots = 4

// average makes averages of the sums.
func (l *learner) average() {
	share := 1 / float32(max(l.summed, 1))
	for f := range l.sums {
		for t := range l.sums[f] {
			l.sums[f][t] *= share
		}
	}
	for shape := range l.sumSteps {
		for a := range tags {
			for b := range tags {
				l.sumSteps[shape][a][b] *= share
			}
		}
	}
}

// sum adds the weights to the average that the model is made of (Polyak
// and Juditsky, SIAM Journal on Control and Optimization 1992).
func (l *learner) sum() {
	l.summed++
	for f := range l.rows {
		for t, v := range l.rows[f] {
			l.sums[f][t] += v
		}
	}
	for shape := range l.steps {
		for a := range tags {
			for b, v := range l.steps[shape][a] {
				l.sumSteps[shape][a][b] += v
			}
		}
	}
}
