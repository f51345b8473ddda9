package meta

import "strings"

func (r *resolver) rights() {
	o := r.out
	for _, obj := range append([]map[string]any{r.story}, r.p.scripts...) {
		if obj == nil || o.Free != nil || articleRank(obj) == 0 {
			continue
		}
		o.Free = boolOf(obj["isAccessibleForFree"])
	}
	if o.Free == nil {
		switch strings.ToLower(r.name("article:content_tier", "og:article:content_tier")) {
		case "free":
			free := true
			o.Free = &free
		case "locked", "metered":
			free := false
			o.Free = &free
		}
	}
	o.License = r.jsonld("license")
	if o.License == "" {
		o.License = r.p.links["license"]
	}
	if o.License == "" {
		o.License = r.name("dcterms.license", "dc.rights.license", "license")
	}
	o.RobotsMeta = strings.Join(r.p.names["robots"], ", ")
	if o.RobotsMeta == "" {
		o.RobotsMeta = strings.Join(r.p.names["googlebot"], ", ")
	}
	switch r.name("tdm-reservation") { // W3C TDM Reservation Protocol, section 7.2
	case "1":
		o.TDM = "reserved"
	case "0":
		o.TDM = "open"
	}
}

func boolOf(v any) *bool {
	var b bool
	switch v := v.(type) {
	case bool:
		b = v
	case string:
		switch strings.ToLower(strings.TrimSpace(v[strings.LastIndexByte(v, '/')+1:])) {
		case "true", "1", "yes":
			b = true
		case "false", "0", "no":
		default:
			return nil
		}
	default:
		return nil
	}
	return &b
}
