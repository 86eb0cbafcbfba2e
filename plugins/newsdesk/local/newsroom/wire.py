"""Who prints which agency copy, and with which house edits."""

from __future__ import annotations

from .story import Revision, Story
from .wire_texts import FERRY, LIGNE_ALPINE, RAILWAY, SEAGRASS


def house_edit(
    copy: str,
    dateline: str,
    cut: int | None = None,
    add: tuple[int, str] | None = None,
    respell: tuple[tuple[str, str], ...] = (),
) -> str:
    """Agency copy as one newsroom prints it, as a text of blocks.

    `cut` is the index of the paragraph left out, `add` a local paragraph and the index that it
    gets after the cut, `respell` pairs of words: the house's own spelling.
    """
    paragraphs = [" ".join(raw.split()) for raw in copy.strip().split("\n\n")]
    if cut is not None:
        del paragraphs[cut]
    for old, new in respell:
        paragraphs = [paragraph.replace(old, new) for paragraph in paragraphs]
    paragraphs[0] = dateline + paragraphs[0]
    if add is not None:
        paragraphs.insert(*add)
    return "\n\n".join(paragraphs)


_CAPTION = "The Lady Ashdown on the sandbank off Greywick. Photo: Meridian Press"
_TRACK = "A train on the old line near Wendford. Photo: Meridian Press"
_MEADOW = "Seagrass in two metres of water. Photo: University of Castlemere"
_EXACT = house_edit(SEAGRASS, "CASTLEMERE (Meridian Press) — ")

STORIES: tuple[Story, ...] = (
    Story(
        outlet="harbour-courier",
        path="/news/2026/03/02/ferry-aground-off-greywick",
        section="news",
        title="Ferry from Port Ellery runs aground in fog, all 212 rescued",
        authors=("Hanna Sorley",),
        published="2026-03-02T10:12:00",
        caption=_CAPTION,
        group="ferry",
        text=house_edit(
            FERRY,
            "GREYWICK — ",
            cut=10,
            add=(
                5,
                "At the terminal in Port Ellery a reading room was opened for relatives, and the "
                "Courier's own canteen sent over tea and sandwiches.",
            ),
        ),
    ),
    Story(
        outlet="tarn-valley-post",
        path="/articles/4412-school-class-among-212-saved-from-ferry.html",
        section="news",
        title="School class among 212 people saved from ferry",
        authors=("Hanna Sorley",),
        published="2026-03-02T11:40:00",
        caption=_CAPTION,
        group="ferry",
        text=house_edit(FERRY, "GREYWICK (Meridian Press) — ", cut=9),
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/02/ferry-runs-aground-off-greywick/",
        section="news",
        title="Ferry runs aground off Greywick, no serious injuries",
        authors=("Hanna Sorley",),
        published="2026-03-02T09:55:00",
        caption=_CAPTION,
        group="ferry",
        text=house_edit(
            FERRY, "GREYWICK (MP) — ", respell=(("eighty metres", "eighty meters"), ("six metres", "six meters"))
        ),
        # Edition 2 prints what the hospital said later.
        revision=Revision(
            modified="2026-03-04T08:15:00",
            swaps=(
                (
                    "Seven of them went home before noon, and two were kept overnight as a precaution.",
                    "All of them had gone home by Tuesday evening, the hospital said in a statement.",
                ),
            ),
        ),
    ),
    Story(
        outlet="saltmarsh-gazette",
        path="/news/ferry-stuck-on-sandbank-for-ten-hours",
        section="news",
        title="Ferry stuck on sandbank: passengers safe after three hours",
        authors=(),
        published="2026-03-02T00:00:00",
        caption=_CAPTION,
        group="ferry",
        text=house_edit(
            FERRY,
            "Greywick: ",
            cut=7,
            add=(
                8,
                "Fishermen from Saltmarsh Quay heard the distress call as well, but their boats "
                "lay dry at low water and could not help.",
            ),
        ),
    ),
    Story(
        outlet="evening-lantern",
        path="/2026/03/british-ferry-aground-in-fog-all-saved",
        section="news",
        title="Ferry aground in fog on far side of the world: all saved",
        authors=("Hanna Sorley",),
        published="2026-03-03T07:10:00",
        caption=_CAPTION,
        group="ferry",
        text=house_edit(FERRY, "Greywick, March 2 — ", cut=8, respell=(("half a mile", "800 metres"),)),
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/02/province-approves-fast-line-to-castlemere/",
        section="business",
        title="Fast line to Castlemere approved: 55 minutes from 2032",
        authors=("Oscar Lindgate",),
        published="2026-03-02T14:20:00",
        caption=_TRACK,
        group="railway",
        text=house_edit(
            RAILWAY,
            "CASTLEMERE (MP) — ",
            add=(
                4,
                "Northmoor's own station will get two more platforms, and the car park behind the "
                "post office will be given up for them.",
            ),
            respell=(("96 kilometres", "96 kilometers"), ("7.2 kilometres", "7.2 kilometers")),
        ),
    ),
    Story(
        outlet="tarn-valley-post",
        path="/articles/4417-new-railway-will-pass-the-valley-by.html",
        section="news",
        title="New railway approved, but it passes the valley by",
        authors=("Oscar Lindgate",),
        published="2026-03-03T06:00:00",
        caption=_TRACK,
        group="railway",
        text=house_edit(
            RAILWAY,
            "CASTLEMERE (Meridian Press) — ",
            cut=7,
            add=(
                9,
                "The Tarn Valley gets no station. The county had asked for one at Millbrook, but "
                "the minister's plan does not mention it.",
            ),
        ),
    ),
    Story(
        outlet="daily-ledger",
        path="/economy/government-backs-2-7-billion-rail-line",
        section="economy",
        title="Government backs 2.7 billion rail line and plans a bond",
        authors=("Oscar Lindgate",),
        published="2026-03-02T11:15:00",
        caption=_TRACK,
        group="railway",
        text=house_edit(RAILWAY, "CASTLEMERE — ", cut=6, respell=(("kilometres", "kilometers"), ("lorries", "trucks"))),
    ),
    Story(
        outlet="old-mill-bulletin",
        path="/story/103-wendford-gets-a-station.html",
        section="news",
        title="Wendford gets a station on the new line",
        authors=(),
        published="2026-03-02T18:30:00",
        caption=_TRACK,
        group="railway",
        text=house_edit(RAILWAY, "CASTLEMERE (Meridian Press) — ", cut=4),
    ),
    Story(
        outlet="harbour-courier",
        path="/news/2026/03/03/seagrass-returns-to-the-coast",
        section="news",
        title="Seagrass returns to the coast after forty years",
        authors=("Hanna Sorley",),
        published="2026-03-03T09:00:00",
        caption=_MEADOW,
        group="seagrass",
        text=_EXACT,
    ),
    Story(  # The exact copy: headline and text are the Courier's, to the letter.
        outlet="evening-lantern",
        path="/2026/03/seagrass-returns-to-the-coast",
        section="news",
        title="Seagrass returns to the coast after forty years",
        authors=("Hanna Sorley",),
        published="2026-03-04T06:00:00",
        caption=_MEADOW,
        group="seagrass",
        text=_EXACT,
    ),
    Story(
        outlet="saltmarsh-gazette",
        path="/news/seahorses-found-in-secret-cove",
        section="news",
        title="Seahorses found in secret cove as seagrass spreads",
        authors=(),
        published="2026-03-03T00:00:00",
        caption=_MEADOW,
        group="seagrass",
        text=house_edit(
            SEAGRASS,
            "Castlemere: ",
            cut=7,
            add=(
                5,
                "In Saltmarsh itself the meadows have reached the old jetty, where children can see "
                "them from the railing at low tide.",
            ),
        ),
    ),
    Story(  # A late print: it joins a group that is a day old.
        outlet="northmoor-observer",
        path="/2026/03/04/study-finds-seagrass-growing-again/",
        section="community",
        title="Study finds seagrass growing again",
        edition=2,
        authors=("Hanna Sorley",),
        published="2026-03-04T07:40:00",
        caption=_MEADOW,
        group="seagrass",
        text=house_edit(
            SEAGRASS,
            "CASTLEMERE (MP) — ",
            cut=9,
            respell=(
                ("aeroplanes", "airplanes"),
                ("square metre", "square meter"),
                ("fifteen metres", "fifteen meters"),
            ),
        ),
    ),
    Story(
        outlet="courrier-valbrune",
        path="/region/2026/03/03/le-train-revient-entre-valbrune-et-le-lac",
        section="region",
        title="Le train revient le 20 avril entre Valbrune et le lac",
        authors=("Maxence Tourrel",),
        published="2026-03-03T13:20:00",
        caption="La nouvelle galerie au-dessus de Combaz. Photo : Agence Alpine",
        group="ligne",
        text=house_edit(LIGNE_ALPINE, "PORT-MORINS (Agence Alpine) — ", cut=6),
    ),
    Story(
        outlet="gazette-du-lac",
        path="/2026/03/03/la-ligne-valbrune-port-morins-rouvre/",
        section="actualite",
        title="La ligne Valbrune–Port-Morins rouvre après dix-huit mois",
        authors=("Maxence Tourrel",),
        published="2026-03-03T13:50:05",
        caption="La nouvelle galerie au-dessus de Combaz. Photo : Agence Alpine",
        group="ligne",
        text=house_edit(
            LIGNE_ALPINE,
            "Port-Morins (AA) – ",
            cut=8,
            add=(
                6,
                "Sur la rive suisse, la gare de Combaz sera desservie de nouveau par le bus du "
                "village, dont l'horaire sera publié la semaine prochaine.",
            ),
            respell=(("41 millions d'euros", "39 millions de francs"),),
        ),
    ),
)
