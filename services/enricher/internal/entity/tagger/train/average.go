package main

// snapshots is how often an epoch the weights are added to the average.
const snapshots = 4

// gather makes one average of the sums of all fits, in their order.
func (l *learner) gather(fits []*learner) {
	l.sums = make([][tags]float32, len(l.keys))
	for _, fit := range fits {
		share := 1 / float32(max(fit.summed, 1)*len(fits))
		for f := range fit.sums {
			for t, v := range fit.sums[f] {
				l.sums[f][t] += share * v
			}
		}
		for shape := range fit.sumSteps {
			for a := range tags {
				for b, v := range fit.sumSteps[shape][a] {
					l.sumSteps[shape][a][b] += share * v
				}
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
