"""What is of a country, and who: adjective and people → ISO 3166 code. English and French.

"German" is related to Germany; it is not Germany, so the two are never joined into one entity.
"""

from __future__ import annotations

from functools import cache

_ENGLISH = """
AF Afghan Afghani; AL Albanian; DZ Algerian; AO Angolan; AR Argentine Argentinian Argentinean; AM Armenian;
AU Australian Aussie; AT Austrian; AZ Azerbaijani Azeri; BS Bahamian; BH Bahraini; BD Bangladeshi; BB Barbadian;
BY Belarusian Belarussian Byelorussian; BE Belgian; BZ Belizean; BJ Beninese; BT Bhutanese; BO Bolivian;
BA Bosnian; BW Botswanan; BR Brazilian; BN Bruneian; BG Bulgarian; BF Burkinabe; MM Burmese; BI Burundian;
KH Cambodian; CM Cameroonian; CA Canadian; TD Chadian; CL Chilean; CN Chinese; CO Colombian; CG Congolese;
CR Costa_Rican; HR Croatian Croat; CU Cuban; CY Cypriot; CZ Czech; DK Danish Dane; DO Dominican; NL Dutch Dutchman;
EC Ecuadorean Ecuadorian; EG Egyptian; AE Emirati; GB-ENG English Englishman; ER Eritrean; EE Estonian; ET Ethiopian;
FJ Fijian; PH Filipino Philippine; FI Finnish Finn; FR French Frenchman Frenchwoman; GA Gabonese; GM Gambian;
GE Georgian; DE German; GH Ghanaian; GR Greek; GL Greenlandic; GD Grenadian; GT Guatemalan; GN Guinean; GY Guyanese;
HT Haitian; HN Honduran; HU Hungarian; IS Icelandic Icelander; IN Indian; ID Indonesian; IR Iranian Persian;
IQ Iraqi; IE Irish Irishman; IL Israeli; IT Italian; CI Ivorian; JM Jamaican; JP Japanese; JO Jordanian; KZ Kazakh;
KE Kenyan; KR South_Korean; KP North_Korean; KW Kuwaiti; KG Kyrgyz; LA Laotian; LV Latvian; LB Lebanese; LR Liberian;
LY Libyan; LT Lithuanian; LU Luxembourgish; MK Macedonian; MG Malagasy; MW Malawian; MY Malaysian; MV Maldivian;
ML Malian; MT Maltese; MR Mauritanian; MU Mauritian; MX Mexican; MD Moldovan Moldavian; MN Mongolian; ME Montenegrin;
MA Moroccan; MZ Mozambican; NA Namibian; NP Nepalese Nepali; NZ New_Zealander Kiwi; NI Nicaraguan; NG Nigerian;
NO Norwegian; OM Omani; PK Pakistani; PS Palestinian; PA Panamanian; PY Paraguayan; PE Peruvian; PL Polish Pole;
PT Portuguese; PR Puerto_Rican; QA Qatari; RO Romanian; RU Russian; RW Rwandan; SV Salvadoran Salvadorean; SA Saudi;
GB-SCT Scottish Scot Scotsman; SN Senegalese; RS Serbian Serb; SC Seychellois; SL Sierra_Leonean; SG Singaporean;
SK Slovak Slovakian; SI Slovenian Slovene; SO Somali; ZA South_African; ES Spanish Spaniard; LK Sri_Lankan;
SD Sudanese; SR Surinamese; SE Swedish Swede; CH Swiss; SY Syrian; TW Taiwanese; TJ Tajik; TZ Tanzanian; TH Thai;
TG Togolese; TN Tunisian; TR Turkish Turk; TM Turkmen; UG Ugandan; UA Ukrainian; US American;
GB British Briton; UY Uruguayan; UZ Uzbek; VA Vatican; VE Venezuelan; VN Vietnamese; GB-WLS Welsh Welshman; YE Yemeni;
ZM Zambian; ZW Zimbabwean; RU-CE Chechen; ES-CT Catalan; ES-PV Basque; FR-20R Corsican; CN-XZ Tibetan; IT-82 Sicilian
"""
_FRENCH = """
AF afghan; ZA sud-africain; AL albanais; DZ algérien; DE allemand; AO angolais; SA saoudien; AR argentin; AM arménien;
AU australien; AT autrichien; AZ azerbaïdjanais; BE belge; BJ béninois; BY biélorusse; BO bolivien; BA bosnien;
BR brésilien; GB britannique; BG bulgare; BF burkinabè; KH cambodgien; CM camerounais; CA canadien; CL chilien;
CN chinois; CY chypriote; CO colombien; CG congolais; KR sud-coréen; KP nord-coréen; HR croate; CU cubain; DK danois;
EG égyptien; EC équatorien; ES espagnol; EE estonien; US américain; ET éthiopien; FI finlandais; FR français;
GA gabonais; GE géorgien; GH ghanéen; GR grec; GT guatémaltèque; GN guinéen; HT haïtien; HU hongrois; IN indien;
ID indonésien; IQ irakien; IR iranien; IE irlandais; IS islandais; IL israélien; IT italien; CI ivoirien; JM jamaïcain;
JP japonais; JO jordanien; KZ kazakh; KE kényan; LV letton; LB libanais; LR libérien; LY libyen; LT lituanien;
LU luxembourgeois; MG malgache; MY malaisien; ML malien; MT maltais; MA marocain; MR mauritanien; MX mexicain;
MD moldave; MN mongol; ME monténégrin; MM birman; NP népalais; NE nigérien; NG nigérian; NO norvégien; NZ néo-zélandais;
PK pakistanais; PS palestinien; PE péruvien; PH philippin; PL polonais; PT portugais; QA qatari; RO roumain; RU russe;
RW rwandais; SN sénégalais; RS serbe; SG singapourien; SK slovaque; SI slovène; SO somalien; SD soudanais; SE suédois;
CH suisse; SY syrien; TW taïwanais; TD tchadien; CZ tchèque; TH thaïlandais; TG togolais; TN tunisien; TR turc turque;
UA ukrainien; UY uruguayen; VE vénézuélien; VN vietnamien; YE yéménite; ZM zambien; ZW zimbabwéen; GB-SCT écossais;
GB-WLS gallois; GB-ENG anglais; ES-CT catalan; FR-BRE breton; FR-20R corse; RU-CE tchétchène
"""
# French adjectives agree: ending of the masculine → endings of feminine and plural.
_AGREE = (("ien", "ne"), ("éen", "ne"), ("on", "ne"), ("ec", "que"))


@cache
def demonyms() -> dict[str, str]:
    """Demonym as it is written within a sentence, singular and plural → ISO code."""
    found = {}
    for code, word in _entries(_ENGLISH):
        plural = word[:-3] + "men" if word.endswith(("hman", "sman")) else word + "s"
        found[word] = code
        if not word.endswith(("ish", "ese", "ch", "ss")):
            found[plural] = code
    for code, word in _entries(_FRENCH):
        feminine = (
            word
            if word.endswith("e")
            else next((word + more for end, more in _AGREE if word.endswith(end)), word + "e")
        )
        for form in (word, feminine):
            for one in (form, form if form.endswith(("s", "x")) else form + "s"):
                found.setdefault(one, code)
                found.setdefault(one[0].upper() + one[1:], code)
    return found


def _entries(text: str) -> list[tuple[str, str]]:
    entries = [entry.split() for entry in text.replace("\n", " ").split(";")]
    return [(code, word.replace("_", " ")) for code, *words in entries for word in words]
