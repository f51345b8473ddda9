package meta

import "strings"

func (r *resolver) rights() {
	o := r.out
	for _, obj := range append([]map[string]any{r.story}, r.p.scripts...) {
		if obj == nil || o.Free != nil || articleRank(obj) == 0 {
			continue
		}
		o.Free = boolOf(obj["isAccessibleForFree"])
		o.FreeOrigin = Origin{JSONLD, "jsonld.isAccessibleForFree", 0.95}
	}
	if o.Free == nil {
		tier := r.named(0.9, "article:content_tier", "og:article:content_tier")
		free := strings.EqualFold(tier.Text, "free")
		if free || strings.EqualFold(tier.Text, "locked") || strings.EqualFold(tier.Text, "metered") {
			o.Free, o.FreeOrigin = &free, tier.Origin
		}
	}
	o.License = pick(
		r.stated(0.95, "license"),
		printedAs(r.p.links["license"], "link.license", 0.9),
		r.named(0.85, "dcterms.license", "dc.rights.license", "license"),
	)
	for _, name := range [...]string{"robots", "googlebot"} {
		if said := strings.Join(r.p.names[name], ", "); said != "" {
			o.RobotsMeta = Value{Text: said, Origin: metaOrigin(name, 0.95)}
			break
		}
	}
	// W3C TDM Reservation Protocol, section 7.2.
	if v := r.named(0.95, "tdm-reservation"); v.Text == "1" {
		o.TDM = Value{Text: "reserved", Origin: v.Origin}
	} else if v.Text == "0" {
		o.TDM = Value{Text: "open", Origin: v.Origin}
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
