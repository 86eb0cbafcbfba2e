"""Words of the language at large that tell a name from what stands around it. None of them is anybody's name.

Lists by language (ISO 639-1); a language without one has none, and the rules that read it do nothing.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


# Articles, prepositions, conjunctions, pronouns, auxiliaries, and what headlines say most: small wherever they stand.
SMALL_WORDS = {
    "en": word_set("""
        a about above across after again against ago ahead all along already also although always amid among an and
        another any anyone anything are around as at away back be because been before behind being below between
        beyond both but by can could day days despite did do does doing done down due during each early either else
        ever every everyone far few for former from further get gets getting go goes going gone had half has have
        having he her here hers him his home how however i if in inside instead into is it its itself just last late
        later least less let like likely long made make makes making many may maybe me might more most much must my
        near never new next no nobody none nor not nothing now of off often old on once one only onto or other others
        our out outside over own part past per put puts quite rather same set sets she should since so some someone
        something soon still such take takes taking than that the their them then there these they this those though
        through throughout time times to today together too toward towards under unless until up upon us very via was
        way we week weeks well went were what when where whether which while who whole whom whose why will with within
        without would year years yet you your vs v versus
        accused accuses agree agrees agreed aid air aims arrest arrested arrests asks attack attacks await awaits back
        backs ban banned bans beat beaten beats best better bid big bomb bombs boost boosts border boy boys brief
        budget business buy buys call called calls case cases champion champions charged charges chief child children
        city claim claims close closed closes club coach coalition company condemns confirms consumer country court
        crash crisis cup currency cut cuts dead deal death deaths debt defeat defend defends defence defense deficit
        denies deny die died dies division dollar draw draws drop drops drug drugs economic economy election elections
        end ended ending ends exports face faces fall falls fans federal fell fight fights final finals financial find
        finds fine fined fire fires first five flat flood foreign found four free friendly fund gains game games girl
        girls goal goals gold good government group grow growth gunmen halt head heads held help helps high higher hit
        hits hold holds hopes hospital hot hour house hundred hurt imports index industry inflation injured injury
        international investors jail jailed job jobs join joins key kill killed killing kills land law lawyer lead
        leader leaders leading leads league leave leaves left legal life little local lose loses losing loss losses
        lost low lower man market markets match matches meet meeting meets men million minister minor money month
        months more mother mortgage move moves murder named names nation national natural net news night number
        offer offers office officer official officials oil open opens opposition order orders oust parliament party
        peace pct people percent pick picks place plan plane plans play played player players plays poll police
        policy poor port power preview price prices prison private probe profit profits protest protests public
        quarter rally rate rates reach reaches rebel rebels record reform rejects release released report reports
        result results retires return returns review rise rises rose round rule ruling run runs said sale sales say
        says school score scoreboard scorers scores second security see seek seeks sees sell sells sentenced session
        share shares ship shoots shot show shows shut sign signs six small soccer basketball baseball tennis cricket
        golf rugby hockey skiing cycling boxing athletics football summary standings squad staff stage start starts
        state step steps stock stocks stop stops strike strikes study support survey suspended talks tax team
        ten test third thousand threat three threatens tie title told top toss total tour tournament trade trial troops
        truce two under union unit urge urges victory violence visit vote votes vow vows war warns water weather wicket
        wickets win wins woman women won work worker workers world wound wounded wounds
    """),
    "fr": word_set("""
        à a ai ainsi alors an ans après au aussi autour autre autres aux avait avant avec avoir bien ce cela celle
        celui ces cet cette ceux chaque chez comme comment contre d dans de depuis derrière des dès deux deuxième
        devant devra dix doit donc dont du durant elle elles en encore enfin ensuite entre est et étaient était été
        être eux faire fait fin fois grâce hier hors il ils j jamais jour jours jusqu l la le les leur leurs loin lors
        lui mais malgré même mieux moins mois mon n ne ni non nos notre nous nouveau nouvelle nouveaux on ont ou où
        par parce pas pendant peu plus plusieurs pour pourquoi premier première près puis qu quand quatre que quel
        quelle quelques qui quoi sa sans se selon sera ses si sinon soir soit son sont sous sur ta tous tout toute
        toutes très trois un une vers veut voici vos votre y
        accord affaire appel arrêté attaque blessé blessés budget candidat championnat chef cinq coupe crise croissance
        député élection élections emploi enfants entreprise équipe finale français gouvernement grève guerre homme
        hommes justice loi match mort morts monde opposition paix parti police président prix procès résultats
        santé sécurité semaine société tour travail tribunal victoire ville vote
    """),
}

# Weekdays and months: no names of anybody by themselves, and part of none at its edge.
CALENDAR = {
    "en": word_set("""
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu
        thurs fri sat sun today tomorrow yesterday
    """),
    "fr": word_set("""
        lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre
        octobre novembre décembre
    """),
}

# Offices, ranks and forms of address that stand before a person's name.
TITLES = {
    "en": word_set("""
        mr mrs ms miss dr sir dame lord lady prof professor president vice-president premier chancellor minister
        secretary senator sen rep congressman congresswoman governor gov mayor judge justice king queen prince
        princess duke duchess count countess baron baroness emperor empress sultan emir pope cardinal archbishop bishop
        father rev reverend rabbi sister brother saint sheikh sheik shaikh imam ayatollah mullah general gen colonel col
        captain capt major maj lieutenant lt sergeant sgt corporal private admiral adm commander officer inspector
        superintendent constable detective marshal brigadier ambassador envoy spokesman spokeswoman spokesperson
        chairman chairwoman chairperson chief director coach manager skipper rapper actor actress singer director
        attorney lawyer economist analyst dealer trader broker
    """),
    "fr": word_set("""
        m mm mme mmes mlle mgr dr me président présidente ministre sénateur sénatrice député députée maire roi reine
        prince princesse duc duchesse comte comtesse baron empereur pape cardinal archevêque évêque abbé père sœur
        général colonel capitaine commandant lieutenant amiral maréchal professeur juge docteur chancelier chancelière
        ambassadeur directeur directrice porte-parole
    """),
    "es": word_set("""
        sr sra srta don doña dr dra presidente presidenta ministro ministra rey reina papa general juez jueza alcalde
        alcaldesa senador senadora diputado diputada coronel capitán cardenal obispo
    """),
}
# Two-word titles end in a word of TITLES: "Prime Minister", "Vice President", "Premier ministre".
TITLE_FIRST = word_set(
    "prime vice deputy foreign former then premier première ex acting interim finance defence defense"
)

# Particles of surnames, small within a name: "van der Merwe", "Bashar al-Assad".
PARTICLES = word_set("""
    al el bin ibn ben abu de da di do dos du des del della der den van von zu zur ter ten la le af av y e
""")

# Legal forms: "BankAmerica Corp" is BankAmerica.
LEGAL_FORMS = word_set("""
    inc incorporated corp corporation co company cos ltd limited plc llc llp lp ag sa nv bv gmbh spa ab asa oyj se kk
    sarl sas holding holdings
""")
# Last words that only organisations have; legal forms that are words of other languages too are not among them.
ORGANISATION_LAST = LEGAL_FORMS - word_set("se sa co ab spa company cos") | word_set("""
    university college institute ministry committee council commission association federation party bank union
    agency department corporation foundation parliament senate newsroom exchange airlines airways league
    group organisation organization society club fc authority bureau office board press news times post herald
    tribune gazette telegraph television tv radio records entertainment studios pictures motors industries systems
    technologies pharmaceuticals insurance securities partners associates brothers bros team united rovers
    city-council academy brigade battalion regiment army navy police court congress assembly front movement
    alliance coalition orchestra philharmonic choir museum hospital school laboratories laboratory
""")
# Last words that only places have, and first ones.
PLACE_LAST = word_set("""
    river lake sea ocean bay gulf strait peninsula island islands mountain mountains valley desert coast beach street
    avenue road square boulevard bridge airport stadium arena park forest county province district canyon falls glacier
    harbour harbor hills creek field
""")
PLACE_FIRST = word_set("mount lake cape fort")

# Last words of what is called after a person: contests, prizes, houses.
NO_SURNAME = (
    ORGANISATION_LAST
    | PLACE_LAST
    | word_set("""
    trophy cup award awards prize medal day theatre theater hall house tower tournament open classic championship
    championships championnat show story stories trial case act bill law effect syndrome disease theorem method
    festival tour series collection foundation center centre building field gardens gallery zoo bowl college
    i ii iii iv v vi vii viii ix x xi xii
""")
)
# What a place's name stands after.
PLACE_PREPOSITIONS = {"en": word_set("in near at outside around throughout across"), "fr": word_set("à en près dans")}
