package urlnorm

import "strings"

// trackingPrefixes begin the names of parameters that campaigns add to links. They
// tell who sent a reader and never choose what a page shows.
var trackingPrefixes = []string{
	"utm_", "mtm_", "matomo_", "pk_", "piwik_", "itm_", "hsa_", "hmb_", "stm_", "trk_",
	"at_bbc_", "at_ptr_", "at_custom", "vero_", "oly_", "__hs", "_hs", "bsft_", "fb_action_", "sp_share",
}

// trackingNames are parameters that identify a click, a reader or a campaign, by the
// services that add them, in lower case. Names that also choose what some sites show
// (id, ref, source, page) are not among them.
var trackingNames = map[string]bool{
	// Click identifiers of advertising networks.
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true,
	"gad_source": true, "gad_campaignid": true, "srsltid": true, "msclkid": true, "yclid": true,
	"ysclid": true, "ymclid": true, "twclid": true, "ttclid": true, "li_fat_id": true, "igshid": true,
	"igsh": true, "irclickid": true, "rdt_cid": true, "epik": true, "scclid": true, "rb_clickid": true,
	"s_cid": true, "s_kwcid": true, "obclid": true, "oborigurl": true, "tblci": true, "wickedid": true,
	"fb_source": true, "fb_ref": true,
	// Analytics.
	"_ga": true, "_gl": true, "_gac": true, "_openstat": true, "wtrid": true, "wt_mc": true, "wt_zmc": true,
	"ga_source": true, "ga_medium": true, "ga_term": true, "ga_content": true, "ga_campaign": true, "ga_place": true,
	"at_campaign": true, "at_medium": true, "at_link_id": true, "at_link_type": true, "at_link_origin": true, "at_format": true,
	"ns_source": true, "ns_mchannel": true, "ns_campaign": true, "ns_linkname": true, "ns_fee": true,
	"sc_channel": true, "sc_campaign": true, "sc_content": true, "sc_medium": true, "sc_outcome": true, "sc_cid": true,
	"xtor": true, "xtcr": true, "cmpid": true, "cmp": true, "icid": true, "ncid": true, "ocid": true, "cvid": true,
	"cm_mmc": true, "dm_i": true, "spm": true, "spjobid": true, "spmailingid": true, "spreportid": true, "spuserid": true,
	"smid": true, "smtyp": true, "echobox": true, "soc_src": true, "soc_trk": true, "guccounter": true,
	"guce_referrer": true, "guce_referrer_sig": true, "__twitter_impression": true, "ref_src": true, "ref_url": true,
	// Newsletters.
	"mc_cid": true, "mc_eid": true, "mc_tc": true, "mkt_tok": true, "_ke": true, "_kx": true,
	"ml_subscriber": true, "ml_subscriber_hash": true, "sb_referer_host": true, "os_ehash": true,
	"elqtrackid": true, "elqtrack": true, "nr_email_referer": true, "ck_subscriber_id": true,
	"omnisendcontactid": true, "vmcid": true,
}

// stripTracking drops tracking parameters, those of AMP editions and empty pairs from a query; the others
// keep their order and bytes.
func stripTracking(query string) string {
	if query == "" {
		return ""
	}
	var b strings.Builder
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair == "" || isTracking(name) || isAMP(name, value) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(pair)
	}
	return b.String()
}

func isTracking(name string) bool {
	name = strings.ToLower(normalEscapes(name))
	// Feeds often escape '&' once too many.
	name = strings.TrimPrefix(name, "amp;")
	if trackingNames[name] {
		return true
	}
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
