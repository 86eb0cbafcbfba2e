"""What lies in several countries, or in none that is there today, by the names that news uses, in English and French."""

from __future__ import annotations

# the first name is canonical
_WIDER = """
Soviet Union, USSR, U.S.S.R., URSS, Union soviétique
Yugoslavia, Yougoslavie
Czechoslovakia, Tchécoslovaquie
East Germany, GDR, RDA, Allemagne de l'Est
West Germany, Allemagne de l'Ouest
Ottoman Empire, Empire ottoman
Prussia, Prusse
Serbia and Montenegro
Netherlands Antilles
Middle East, Mideast, Moyen-Orient, Proche-Orient, Near East
Far East, Extrême-Orient
Balkans
Caucasus, Caucase
Scandinavia, Scandinavie
Baltics, Pays baltes
Benelux
Kashmir, Cachemire
Kurdistan
Palestine
Siberia, Sibérie
Western Europe, Europe de l'Ouest
Eastern Europe, Europe de l'Est
Central Europe
Central America, Amérique centrale
Latin America, Amérique latine
Central Asia, Asie centrale
Southeast Asia, South-East Asia
South Asia
East Asia
North Africa, Afrique du Nord
West Africa, Afrique de l'Ouest
East Africa
Southern Africa
sub-Saharan Africa
Horn of Africa, Corne de l'Afrique
Maghreb
Sahel
Sahara
Amazon, Amazonie
Patagonia, Patagonie
Caribbean, Caraïbes
West Indies, Antilles
Asia-Pacific
Lapland, Laponie
Mediterranean, Mediterranean Sea, Méditerranée
Black Sea, mer Noire
Red Sea, mer Rouge
North Sea, mer du Nord
Baltic Sea, mer Baltique
Caspian Sea, mer Caspienne
South China Sea
Persian Gulf, golfe Persique
Arctic, Arctique
Antarctic, Antarctica, Antarctique
Atlantic, Atlantic Ocean, Atlantique
Pacific, Pacific Ocean, Pacifique
Indian Ocean, océan Indien
English Channel, Manche
Alps, Alpes
Pyrenees, Pyrénées
Himalayas, Himalaya
Andes
Urals, Oural
Danube
Rhine, Rhin
Nile, Nil
Volga
Yorkshire
Sussex
Wall Street
Golan Heights
Gaza
"""


def wider() -> list[list[str]]:
    """Names of each region that has no code, the first one canonical."""
    return [[name.strip() for name in line.split(",")] for line in _WIDER.strip().splitlines()]
