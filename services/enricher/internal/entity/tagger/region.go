package tagger

import (
	"strings"

	"github.com/dateline-news/dateline/services/enricher/internal/place/spelling"
)

// regionList names parts of the world larger than a country or across borders, in
// the languages with the most news.
const regionList = `Soviet Union|USSR|Yugoslavia|Czechoslovakia|Union soviétique|URSS|Yougoslavie|Tchécoslovaquie|Sowjetunion|UdSSR|Jugoslawien|Tschechoslowakei|DDR|Unión Soviética|Yugoslavia|Checoslovaquia|Unione Sovietica|Jugoslavia|Cecoslovacchia|União Soviética|Iugoslávia|Jugoslávia|Sovjet-Unie|Joegoslavië|Sovjetunionen|Jugoslavien|Związek Radziecki|ZSRR|Jugosławia|Czechosłowacja|Szovjetunió|Jugoszlávia|Uniunea Sovietică|Iugoslavia|Sovjetski Savez|Jugoslavija|Советский Союз|Советского Союза|Советском Союзе|СССР|Югославия|Югославии|الاتحاد السوفيتي|苏联|蘇聯|ソ連|소련
Middle East|Near East|North Africa|Northern Africa|West Africa|East Africa|Central Africa|Southern Africa|Sub-Saharan Africa|Latin America|North America|South America|Central America|Central Asia|South Asia|East Asia|Southeast Asia|Eastern Europe|Western Europe|Central Europe|Northern Europe|Southern Europe|Africa|Asia|Europe|America|Americas|Oceania|Antarctica|Arctic|Balkans|Caucasus|Sahel|Sahara|Maghreb|Mediterranean|Caribbean|Scandinavia|Horn of Africa|Siberia|Crimea|Donbas|Kashmir|Kurdistan|Darfur|Tigray|Catalonia|Bavaria|Flanders|Wallonia|Sicily|Sardinia|Tuscany|Lombardy|Andalusia|Persian Gulf|Red Sea|Black Sea|Baltic Sea|North Sea|Atlantic|Pacific|Sinai|West Bank|Golan Heights
Moyen-Orient|Proche-Orient|Afrique du Nord|Afrique de l'Ouest|Afrique de l'Est|Afrique centrale|Afrique australe|Afrique subsaharienne|Amérique latine|Amérique du Nord|Amérique du Sud|Amérique centrale|Asie centrale|Asie du Sud|Asie du Sud-Est|Europe de l'Est|Europe centrale|Europe de l'Ouest|Afrique|Asie|Amérique|Amériques|Océanie|Antarctique|Arctique|Balkans|Caucase|Méditerranée|Caraïbes|Scandinavie|Corne de l'Afrique|Sibérie|Crimée|Donbass|Cachemire|Catalogne|Bavière|Flandre|Wallonie|Sicile|Sardaigne|Toscane|Lombardie|Andalousie|Bretagne|Normandie|Alsace|Corse|Provence|Bourgogne|Île-de-France|Occitanie|Nouvelle-Aquitaine|Auvergne|Lorraine|Cisjordanie|Golfe persique|mer Rouge|mer Noire|Atlantique|Pacifique|Sinaï|Golan
Naher Osten|Nahen Osten|Nahost|Nordafrika|Westafrika|Ostafrika|Zentralafrika|Südliches Afrika|Lateinamerika|Nordamerika|Südamerika|Mittelamerika|Zentralasien|Südasien|Ostasien|Südostasien|Osteuropa|Westeuropa|Mitteleuropa|Afrika|Asien|Europa|Amerika|Ozeanien|Antarktis|Arktis|Balkan|Kaukasus|Sahelzone|Mittelmeer|Karibik|Skandinavien|Sibirien|Krim|Donbass|Kaschmir|Katalonien|Bayern|Sachsen|Hessen|Thüringen|Brandenburg|Niedersachsen|Nordrhein-Westfalen|Rheinland-Pfalz|Baden-Württemberg|Schleswig-Holstein|Mecklenburg-Vorpommern|Sachsen-Anhalt|Saarland|Ostsee|Nordsee|Rotes Meer|Schwarzes Meer|Atlantik|Pazifik|Westjordanland
Oriente Medio|Oriente Próximo|África del Norte|Norte de África|África Occidental|África|América Latina|Latinoamérica|Iberoamérica|América del Norte|Norteamérica|América del Sur|Sudamérica|Suramérica|Centroamérica|América Central|Asia Central|Sudeste Asiático|Europa del Este|América|Oceanía|Antártida|Ártico|Balcanes|Cáucaso|Mediterráneo|Caribe|Escandinavia|Siberia|Crimea|Donbás|Cachemira|Cataluña|Andalucía|Galicia|País Vasco|Castilla y León|Castilla-La Mancha|Aragón|Extremadura|Cisjordania|Atlántico|Pacífico|mar Rojo|mar Negro
Medio Oriente|Vicino Oriente|Nord Africa|Nordafrica|America Latina|America del Nord|America del Sud|Sud America|Asia centrale|Sud-est asiatico|Europa orientale|Artico|Balcani|Caucaso|Mediterraneo|Caraibi|Scandinavia|Crimea|Catalogna|Baviera|Sicilia|Sardegna|Toscana|Lombardia|Puglia|Calabria|Campania|Piemonte|Veneto|Lazio|Umbria|Marche|Abruzzo|Molise|Basilicata|Emilia-Romagna|Friuli-Venezia Giulia|Trentino-Alto Adige|Valle d'Aosta|Liguria|Cisgiordania|Atlantico|Pacifico|mar Rosso|mar Nero
Médio Oriente|Oriente Médio|Norte de África|América do Norte|América do Sul|Ásia|Ásia Central|Sudeste Asiático|Europa de Leste|Leste Europeu|Balcãs|Cáucaso|Mediterrâneo|Caribe|Caraíbas|Escandinávia|Sibéria|Crimeia|Catalunha|Amazônia|Amazónia|Nordeste|Algarve|Alentejo|Açores|Madeira|Minas Gerais|Rio Grande do Sul|Santa Catarina|Cisjordânia|Atlântico|mar Vermelho|mar Negro
Midden-Oosten|Noord-Afrika|West-Afrika|Zuid-Amerika|Noord-Amerika|Latijns-Amerika|Centraal-Azië|Zuidoost-Azië|Oost-Europa|West-Europa|Azië|Oceanië|Balkan|Kaukasus|Middellandse Zee|Caraïben|Scandinavië|Siberië|Krim|Catalonië|Beieren|Vlaanderen|Wallonië|Friesland|Limburg|Zeeland|Gelderland|Noord-Holland|Zuid-Holland|Noord-Brabant|Overijssel|Drenthe|Flevoland|Noordzee|Oostzee|Rode Zee|Zwarte Zee
Mellemøsten|Nordafrika|Norden|Skandinavien|Jylland|Fyn|Sjælland|Mellanöstern|Norden|Skåne|Norrland|Midtøsten|Latin-Amerika|Sør-Amerika|Nord-Amerika|Østersjøen|Nordsjøen
Bliski istok|Bliskog istoka|Bliskom istoku|Zapadni Balkan|Europa|Europe|Europi|Azija|Afrika|Dalmacija|Dalmaciji|Dalmacije|Slavonija|Slavoniji|Istra|Istri|Istre|Jadran|Jadranu|Közel-Kelet|Közel-Keleten|Európa|Európában|Afrika|Ázsia|Balkán|Nyugat-Balkán|Erdély|Orientul Mijlociu|Transilvania|Moldova|Dobrogea|Bliski Wschód|Bliskim Wschodzie|Europa Wschodnia|Europie|Azja|Afryka|Śląsk|Mazowsze|Małopolska|Bałtyk
Ближний Восток|Ближнем Востоке|Ближнего Востока|Северная Африка|Северной Африке|Латинская Америка|Латинской Америке|Европа|Европе|Европы|Европу|Азия|Азии|Африка|Африке|Африки|Америка|Америке|Америки|Кавказ|Кавказе|Сибирь|Сибири|Крым|Крыма|Крыму|Донбасс|Донбасса|Донбассе|Урал|Урала|Урале|Арктика|Арктике|Дальний Восток|Дальнего Востока|Дальнем Востоке|Балканы|Средняя Азия|Средней Азии|Центральной Азии
الشرق الأوسط|شمال أفريقيا|شمال إفريقيا|غرب أفريقيا|القرن الأفريقي|أفريقيا|إفريقيا|آسيا|أوروبا|أمريكا اللاتينية|أمريكا الشمالية|المغرب العربي|الخليج|الضفة الغربية|البحر الأحمر|البحر المتوسط|القوقاز|البلقان|شبه جزيرة القرم|الساحل
中东|北非|西非|东非|拉丁美洲|北美|南美|东南亚|中亚|东欧|西欧|欧洲|亚洲|非洲|美洲|大洋洲|南极|北极|巴尔干|高加索|西伯利亚|克里米亚|加勒比|地中海|红海|黑海|波斯湾|约旦河西岸|中東|歐洲|亞洲|ヨーロッパ|アジア|アフリカ|中東|東南アジア|北アフリカ|南米|北米|欧州|중동|유럽|아시아|아프리카|북미|남미|동남아시아`

var regionKeys = readRegions()

func readRegions() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(regionList) {
		for name := range strings.SplitSeq(strings.TrimSpace(line), "|") {
			m[spelling.Key(name)] = true
		}
	}
	return m
}

// IsRegion tells whether name is that of a part of the world that is no country
// and no city.
func IsRegion(name string) bool { return regionKeys[spelling.Key(name)] }
