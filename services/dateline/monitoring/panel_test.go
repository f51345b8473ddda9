package monitoring_test

import (
	"maps"
	"slices"
)

// dashboard is what one page of Grafana shows.
type dashboard struct {
	uid, title, about string
	rows              []row
}

type row struct {
	title  string
	panels []panel
}

// panel is one picture. Its kind is a type of Grafana's panels.
type panel struct {
	kind, title, about string
	unit               string
	queries            []query
	// warn and bad are thresholds; 0 for none. Below inverts them.
	warn, bad float64
	below     bool
	stacked   bool
	// colours are those of series whose name says whether all is well.
	colours map[string]string
	// runbook is the alert that looks at the same thing; empty: none.
	runbook string
}

type query struct{ expr, legend string }

// object is a JSON object; its keys are written in order.
type object = map[string]any

// Width of Grafana's grid, and sizes of panels on it.
const (
	gridWidth   = 24
	statWidth   = 4
	statHeight  = 4
	graphWidth  = 12
	graphHeight = 8
)

// runbooks is where Grafana's readers find the runbooks; the variable lets them
// have their own copy.
const runbooks = "https://github.com/dateline-news/dateline/blob/main/docs/runbooks"

var source = object{"type": "prometheus", "uid": "${datasource}"}

// json is the dashboard as Grafana reads it.
func (d dashboard) json() object {
	var panels []any
	id, y := 0, 0
	for _, r := range d.rows {
		id++
		panels = append(panels, object{
			"id": id, "type": "row", "title": r.title, "collapsed": false, "panels": []any{},
			"gridPos": object{"x": 0, "y": y, "w": gridWidth, "h": 1},
		})
		y++
		x, height := 0, 0
		for _, p := range r.panels {
			id++
			w, h := graphWidth, graphHeight
			if p.kind == "stat" {
				w, h = statWidth, statHeight
			}
			if x+w > gridWidth || height != 0 && height != h {
				x, y = 0, y+height
			}
			height = h
			panels = append(panels, p.json(id, object{"x": x, "y": y, "w": w, "h": h}))
			x += w
		}
		y += height
	}
	return object{
		"uid": d.uid, "title": d.title, "description": d.about, "tags": []string{"dateline"},
		"schemaVersion": 39, "version": 1, "editable": true, "graphTooltip": 1, "refresh": "30s", "timezone": "browser",
		"time": object{"from": "now-6h", "to": "now"},
		"templating": object{"list": []any{
			object{"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "refresh": 1, "hide": 0},
			object{"name": "runbooks", "type": "constant", "query": runbooks, "hide": 2},
		}},
		"annotations": object{"list": []any{object{
			"name": "Alerts", "enable": true, "iconColor": "red", "datasource": source,
			"expr":        `ALERTS{alertname=~"Dateline.*", alertstate="firing"}`,
			"titleFormat": "{{alertname}}", "textFormat": "{{stage}}{{stream}}{{instance}}",
		}}},
		"links":  []any{link("Dateline", "dashboards", "", []string{"dateline"})},
		"panels": panels,
	}
}

// link leads to a page, or to all dashboards with the given tags.
func link(title, kind, url string, tags []string) object {
	return object{
		"title": title, "type": kind, "url": url, "icon": "external link", "tooltip": "", "tags": append([]string{}, tags...),
		"targetBlank": kind == "link", "asDropdown": false, "keepTime": kind == "dashboards", "includeVars": kind == "dashboards",
	}
}

func (p panel) json(id int, at object) object {
	var targets []any
	for i, q := range p.queries {
		t := object{"refId": string(rune('A' + i)), "datasource": source, "expr": q.expr, "legendFormat": q.legend, "editorMode": "code", "range": true}
		if p.kind == "heatmap" {
			t["format"] = "heatmap"
		}
		if p.kind == "table" {
			t["format"], t["instant"], t["range"] = "table", true, false
		}
		targets = append(targets, t)
	}
	links := []any{}
	if p.runbook != "" {
		links = append(links, link("Runbook", "link", "${runbooks}/"+p.runbook+".md", nil))
	}
	defaults := object{"unit": p.unit, "thresholds": p.thresholds()}
	if p.kind != "table" {
		defaults["min"] = 0
	}
	if p.kind == "stat" && p.unit == count {
		defaults["decimals"] = 0 // Prometheus' increase is no whole number.
	}
	if p.kind == "timeseries" {
		defaults["custom"] = p.drawing()
	}
	made := object{
		"id": id, "type": p.kind, "title": p.title, "description": p.about, "gridPos": at, "datasource": source,
		"targets": targets, "links": links, "options": p.options(),
		"fieldConfig": object{"defaults": defaults, "overrides": p.overrides()},
	}
	if p.kind == "table" {
		made["transformations"] = []any{object{"id": "organize", "options": p.columns()}}
	}
	return made
}

// overrides give series their colours.
func (p panel) overrides() []any {
	all := []any{}
	for _, name := range slices.Sorted(maps.Keys(p.colours)) {
		all = append(all, object{
			"matcher":    object{"id": "byName", "options": name},
			"properties": []any{object{"id": "color", "value": object{"mode": "fixed", "fixedColor": p.colours[name]}}},
		})
	}
	return all
}

// columns are what a table of processes shows, in this order.
func (p panel) columns() object {
	return object{
		"excludeByName": object{"Time": true, "Value": true, "__name__": true},
		"indexByName":   object{"job": 0, "instance": 1, "version": 2, "revision": 3, "go_version": 4},
		"renameByName":  object{"job": "Job", "instance": "Instance", "version": "Version", "revision": "Revision", "go_version": "Go"},
	}
}

func (p panel) thresholds() object {
	first, then := "green", [2]string{"orange", "red"}
	levels := [2]float64{p.warn, p.bad}
	if p.below {
		first, then, levels = "red", [2]string{"orange", "green"}, [2]float64{p.bad, p.warn}
		if p.warn == 0 {
			then[0] = "green"
		}
	}
	steps := []any{object{"color": first, "value": nil}}
	for i, level := range levels {
		if level != 0 {
			steps = append(steps, object{"color": then[i], "value": level})
		}
	}
	return object{"mode": "absolute", "steps": steps}
}

// softMax is the least height of an axis.
var softMax = map[string]float64{count: 1, percent: .01, seconds: .001, messagesPerSecond: .1, requestsPerSecond: .1, perSecond: .1}

func (p panel) drawing() object {
	c := object{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 0, "showPoints": "never", "spanNulls": false}
	// Where all is 0, the axis does not go up to 100.
	if top, ok := softMax[p.unit]; ok {
		c["axisSoftMax"] = top
	}
	if p.stacked {
		c["stacking"], c["fillOpacity"] = object{"mode": "normal", "group": "A"}, 40
	}
	if p.warn != 0 || p.bad != 0 {
		c["thresholdsStyle"] = object{"mode": "dashed"}
	}
	return c
}

func (p panel) options() object {
	switch p.kind {
	case "stat":
		return object{
			"colorMode": "value", "graphMode": "area", "justifyMode": "auto", "textMode": "auto", "orientation": "auto", "wideLayout": true,
			"showPercentChange": false, "percentChangeColorMode": "standard",
			"reduceOptions": object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
		}
	case "heatmap":
		return object{
			"calculate": false, "cellGap": 1, "showValue": "never", "legend": object{"show": true}, "exemplars": object{"color": "orange"},
			"color": object{"mode": "scheme", "scheme": "Blues", "steps": 64, "fill": "dark-orange", "exponent": 0.5, "reverse": false},
			"yAxis": object{"unit": p.unit, "axisPlacement": "left"}, "tooltip": object{"mode": "single", "yHistogram": false},
		}
	case "table":
		return object{"showHeader": true, "cellHeight": "sm", "frameIndex": 0}
	}
	return object{
		"legend":  object{"displayMode": "table", "placement": "right", "calcs": []string{"lastNotNull", "max"}, "sortBy": "Max", "sortDesc": true, "showLegend": true},
		"tooltip": object{"mode": "multi", "sort": "desc"},
	}
}
