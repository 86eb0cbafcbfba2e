"""The stories that edition 2 adds, on 4 March 2026."""

from __future__ import annotations

from .story import Story

STORIES: tuple[Story, ...] = (
    Story(
        outlet="harbour-courier",
        path="/news/2026/03/04/harbour-master-to-retire-after-breakwater",
        section="news",
        title="Harbour master to retire once the breakwater is mended",
        authors=("Nora Whitfield",),
        published="2026-03-04T06:55:00",
        edition=2,
        caption="Captain Ruth Penhallow at the pilot station. Photo: Nora Whitfield",
        text="""
        Captain Ruth Penhallow will leave the Ellery Port Authority at the end of the year. She told
        her staff on Tuesday that she wanted to see the breakwater whole before she went.

        She came to Port Ellery as a pilot in 1996 and was the first woman in the county to hold the
        office of harbour master. Before that she had sailed on tankers for eleven years.

        Mayor Helen Ashcombe called her a rock with a radio. "There were nights when half the town
        slept well because she did not," Mrs Ashcombe said.

        The authority will look for a successor from June. Candidates need a master's ticket, and
        according to the advertisement a calm voice is an advantage.

        Captain Penhallow said she had no plans except to learn the cello, and that her neighbours
        in Custom House Street had taken the news of her retirement better than the news of the cello.
        """,
    ),
    Story(
        outlet="tarn-valley-post",
        path="/articles/4426-gale-brings-down-two-hundred-trees.html",
        section="news",
        title="Gale brings down two hundred trees in the Tarn Valley",
        authors=("Peter Stanhope",),
        published="2026-03-04T07:20:00",
        edition=2,
        caption="The pass road above Millbrook on Wednesday. Picture: P. Stanhope",
        text="""
        Tuesday's gale has brought down more than two hundred trees in the Tarn Valley and cut off
        the upper villages until the evening. Nobody was hurt, the county said.

        At Millbrook the school's new bus stood between two fallen larches for three hours. Head
        teacher Marian Coyle read to the pupils until a farmer came with a saw.

        The Tarn Water Board opened the gates of the reservoir by two thirds during the night.
        Engineer Declan Rooney said that the level was falling again by Wednesday morning.

        Some 1,900 houses were without power, most of them above Castle Tarn. Hallam Energy expected
        to have mended all lines by Thursday noon, apart from one that crosses the gorge.

        The forestry office asks walkers to stay out of the woods until the weekend. Wood lying
        beside the road belongs to the county, it added, and not to the owner of the first trailer.
        """,
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/04/drivers-vote-on-rail-agreement-begins/",
        section="business",
        title="Drivers begin to vote on rail agreement",
        authors=("Ruth Adeyinka",),
        published="2026-03-04T09:05:00",
        edition=2,
        caption="A ballot box at the depot in Northmoor. Photo: Ruth Adeyinka",
        text="""
        Voting on the new pay agreement for train crews began on Wednesday at 42 depots. About 6,700
        members of the Northern Rail Union can take part until March 20.

        In the depot at Northmoor the mood was mixed. Driver Leon Castellan said that he would
        accept because of the rest room, not because of the money.

        Others want to go on negotiating. A leaflet that lay in the canteen compares the increase
        with the price of a flat in Castlemere and ends with the word "no" in red.

        Union leader Tessa Galbraith will visit nine depots in ten days. She said that a refusal
        would bring the strike back, and that everybody should know it before they vote.

        Transport Minister Daniel Orrin did not want to comment on the ballot. His office said that
        the money had been set aside in the province's budget and that nothing needed to be added.
        """,
    ),
    Story(
        outlet="courrier-valbrune",
        path="/region/2026/03/04/une-navette-gratuite-pendant-les-travaux",
        section="region",
        title="Une navette gratuite pendant les travaux du pont des Tanneurs",
        authors=("Camille Ferrand",),
        published="2026-03-04T11:25:00",
        edition=2,
        caption="L'arrêt provisoire devant la gare de Valbrune. Photo : Camille Ferrand",
        text="""
        La ville de Valbrune mettra en place une navette gratuite pendant la fermeture du pont des
        Tanneurs. La maire, Claire Dumontel, l'a promis mercredi aux commerçants de la rive gauche.

        Deux minibus électriques circuleront toutes les douze minutes entre la gare et la place du
        Marché, de sept heures du matin à huit heures du soir.

        Le parking de la gare, en revanche, restera payant. Gérard Pommeray, qui préside
        l'association des commerçants, parle d'une victoire à moitié, « mais la bonne moitié ».

        La dépense, 190 000 euros, sera prise sur le budget des fêtes. Le feu d'artifice de juillet
        sera donc remplacé par un bal sur la passerelle.

        Les travaux commencent le 16 mars. Les ingénieurs de l'Institut de Montreval publieront
        chaque mois un rapport sur l'état des piles.

        Une réunion publique est prévue mardi prochain à la salle des fêtes. La mairie y présentera le
        plan de circulation et répondra aux questions des riverains.
        """,
    ),
    Story(
        outlet="faro-de-montelar",
        path="/local/montelar-estrena-biblioteca-en-la-antigua-lonja.html",
        section="local",
        title="Montelar estrena biblioteca en la antigua lonja",
        authors=("Rubén Olmedo",),
        published="2026-03-04T10:15:00",
        edition=2,
        caption="La sala de lectura bajo las bóvedas de la lonja. Foto: R. Olmedo",
        text="""
        La antigua lonja de Montelar, cerrada desde 1999, es desde este miércoles la biblioteca más
        grande de la comarca, con 64.000 libros y vistas al muelle.

        La alcaldesa, Lucía Armendáriz, cortó la cinta acompañada por un grupo de escolares. Después
        los niños ocuparon todos los sillones y no hubo manera de empezar los discursos.

        La reforma ha costado 5,2 millones de euros, pagados en su mayor parte por la provincia. Las
        mesas se han hecho con la madera de las viejas cajas de pescado.

        «Todavía huele un poco a sardina los días de levante, y nos gusta que sea así», dijo la
        directora, Amparo Villaseca, que empezó como voluntaria en un bibliobús.

        El edificio abrirá hasta medianoche en época de exámenes. La Universidad de Sotoalto enviará
        a sus alumnos de prácticas para atender la sala infantil.

        La próxima semana empieza un ciclo de lecturas en voz alta para mayores, los martes por la
        tarde, con café y con gafas de repuesto.
        """,
    ),
    Story(
        outlet="rothenauer-anzeiger",
        path="/lokales/stadtrat-streitet-ueber-radweg-art2225.html",
        section="lokales",
        title="Stadtrat streitet über Radweg am Hafen",
        authors=("Malte Brügger",),
        published="2026-03-04T08:40:00",
        edition=2,
        caption="Die Engstelle an der Hafenstraße. Foto: Malte Brügger",
        text="""
        Der geplante Radweg an der Rothenauer Hafenstraße spaltet den Stadtrat. Nach vier Stunden
        Beratung wurde die Abstimmung am Dienstagabend auf Ende März verschoben.

        Der Weg soll zwei Meter breit werden und vom Nordbahnhof bis zum Stahlwerk führen. Dafür
        müssten 74 Parkplätze und drei Linden weichen.

        Bürgermeister Jürgen Hallbeck warb für einen Kompromiss, der die Linden schont. „Ich fahre
        selbst Rad, aber ungern gegen einen Baum“, sagte er.

        Die Rothenauer Stahlwerke unterstützen den Plan. Fast vierhundert Beschäftigte kämen mit dem
        Rad, ließ Vorstandschefin Friederike Tamm mitteilen, und im Winter seien es kaum weniger.

        Anwohnerin Traute Mewes sammelt Unterschriften für die Parkplätze. Sie hat bisher 260, und
        auch der Wirt am Nordbahnhof hat sich eingetragen.

        Die Verwaltung soll nun prüfen, ob ein Teil der Stellplätze hinter die alte Werfthalle verlegt
        werden kann. Das Gelände gehört der Hafengesellschaft, die bisher nicht geantwortet hat. Ende März
        will der Rat dann endgültig entscheiden.
        """,
    ),
)
