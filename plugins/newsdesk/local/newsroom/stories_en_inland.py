"""English stories from inland: the Tarn Valley Post and The Northmoor Observer."""

from __future__ import annotations

from .story import Revision, Story

STORIES: tuple[Story, ...] = (
    Story(
        outlet="tarn-valley-post",
        path="/articles/4411-reservoir-level-highest-for-a-decade.html",
        section="news",
        title="Reservoir level highest for a decade, water board says",
        authors=("Aoife Brannigan",),
        published="2026-03-02T06:15:09",
        caption="The spillway of the Tarn reservoir on Sunday. Picture: A. Brannigan",
        # Edition 2 corrects the figure, in the headline and in the text.
        revision=Revision(
            modified="2026-03-04T08:02:00",
            title="Correction: reservoir level highest for six years, water board says",
            swaps=(
                (
                    "The reservoir above Castle Tarn stood at 96 per cent of its capacity on Sunday, "
                    "the highest level for the time of year in a decade, the Tarn Water Board said.",
                    "The reservoir above Castle Tarn stood at 91 per cent of its capacity on Sunday, "
                    "the highest level for the time of year since 2020, the Tarn Water Board said. An "
                    "earlier version of this report gave a figure that the board has since withdrawn.",
                ),
            ),
        ),
        text="""
        The reservoir above Castle Tarn stood at 96 per cent of its capacity on Sunday, the highest
        level for the time of year in a decade, the Tarn Water Board said.

        Rain fell in the valley on 24 days of February. Snow on the northern slopes is still half
        a metre deep and will add to the flow when it melts in the coming weeks.

        Board engineer Declan Rooney said there was no danger of flooding. Water is being let into
        the river Tarn at a steady rate, and the gates at Millbrook are open by a third.

        "A full reservoir in March is money in the bank," he said. "Last year we were counting
        bathtubs by August, and nobody in this office wants to repeat that summer."

        Farmers in the lower valley have been told to move cattle from the water meadows for a
        fortnight. The board will pay the usual compensation of 40 euros for each animal.

        Professor Miriam Talbot, who studies rivers at the University of Castlemere, said that wet
        winters followed by dry summers had become more frequent in the valley since the nineties.
        """,
    ),
    Story(
        outlet="tarn-valley-post",
        path="/articles/4415-weather-sleet-and-gales-for-the-tarn-valley.html",
        section="news",
        title="Weather: sleet and gales for the Tarn Valley on Tuesday",
        authors=(),
        published="2026-03-02T17:30:00",
        caption="Clouds over Castle Tarn on Monday afternoon. Picture: P. Stanhope",
        text="""
        Tuesday begins with sleet over the high pastures and gales inland, the county weather
        office in Castlemere said. The sleet should turn to rain by noon, later in northern glens.

        Temperatures will climb from one degree at dawn to five degrees in the afternoon. The wind
        grows strong and blows from the south-west, with gusts of up to sixty miles an hour.

        The ford at Millbrook is closed, and the footbridge at Castle Tarn may follow. Walkers on
        the ridge should be down in the valley by one o'clock in the afternoon at the latest.

        Forecaster Sheila Donnellan said that the low pressure over the hills would move on by
        Wednesday. "It is wet, it is rough, and it is a good day for mending harness," she said.

        Drivers are asked to take care on the pass road, where a fallen larch caused a long
        diversion on Sunday. Road crews will go out at five o'clock in the morning.

        Our figures come from the county's 42 stations, of which nine stand on the coast and four
        above the tree line. They are read every hour, on Sundays and holidays too.

        The outlook for the following day is calmer, with a few showers in the afternoon and a
        clear night to come. The next bulletin appears at noon.
        """,
    ),
    Story(
        outlet="tarn-valley-post",
        path="/articles/4419-village-school-gets-its-own-bus.html",
        section="community",
        title="Village school gets its own bus after a parents' raffle",
        authors=("Aoife Brannigan", "Peter Stanhope"),
        published="2026-03-03T07:05:40",
        caption="Pupils of Millbrook school with their bus. Picture: P. Stanhope",
        text="""
        Pupils in Millbrook will no longer have to walk two miles along the pass road. On Monday
        their school put its own bus on the road, paid for by a raffle, a bank and a wedding.

        The bus has 23 seats and cost 31,000 euros second-hand. Parents sold 6,200 tickets for the
        raffle, and Kestrel Bank added one euro for every two that they took.

        The last thousand came from Brendan and Sorcha Hanlon, who were married in the valley in
        September and asked their guests for coins instead of crockery.

        Head teacher Marian Coyle said that eleven families had thought of leaving the village.
        "A school without a road to it is only a house with small chairs," she said.

        ## Drivers wanted

        Four parents have a licence to drive the bus, and two more are taking lessons. The county
        pays for fuel and insurance, but it does not pay for a driver.

        On Saturdays the bus may be used by the football club, the choir and, as Mrs Coyle put it,
        by anybody who brings it back with a full tank and no mud.
        """,
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/02/northmoor-hospital-opens-night-clinic/",
        section="news",
        title="Northmoor hospital opens night clinic for children",
        authors=("Gavin Thorsby",),
        published="2026-03-02T08:30:15",
        modified="2026-03-02T13:10:00",
        caption="The new waiting room at Northmoor General. Photo: Observer",
        text="""
        Northmoor General Hospital has opened a clinic that treats children between eight in the
        evening and six in the morning, so that parents need no longer wait in the emergency ward.

        Two doctors and five nurses work there each night. In its first weekend the clinic saw 74
        patients, most of them with fevers, coughs and, in one case, a bead in the nose.

        Dr. Yasmin Kettering, who leads the clinic, said that the average wait had been 35 minutes.
        In the emergency ward it is more than four hours on a winter night.

        The province pays for the first three years. After that the hospital must show that fewer
        children are admitted, Health Minister Laurent Abbot said at the opening.

        Nurses had asked for such a clinic since 2019. Their union says that the night shift is
        still short of people and that two posts have been advertised without success.

        > "Every parent knows the hour at which a fever becomes frightening. From now on somebody
        will be awake then," said Dr. Kettering as she showed visitors around.
        """,
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/02/rail-union-and-province-agree-on-pay/",
        section="business",
        title="Rail union and province agree on pay, strike called off",
        authors=("Ruth Adeyinka", "Gavin Thorsby"),
        published="2026-03-02T22:47:31",
        caption="Trains in the depot at Northmoor last week. Photo: Ruth Adeyinka",
        # The site re-saved the article; nothing in it changed, and the server says so (304).
        bumped="2026-03-04T05:00:00",
        text="""
        A strike that would have stopped every train in the province on Wednesday has been called
        off. The Northern Rail Union and the government agreed on pay shortly before midnight.

        Drivers and conductors get 3.8 per cent more from April and another 2.5 per cent next year.
        The union had asked for nine per cent over the same time.

        Tessa Galbraith, who leads the Northern Rail Union, said the result was not what her
        members deserved but more than they had been offered a week ago.

        Transport Minister Daniel Orrin thanked both sides for eighteen hours of talks in a hotel
        in Castlemere. He said that passengers would notice nothing, which was the best news of
        all.

        The agreement also changes the roster. No driver may work more than six early shifts in a
        row, and a rest room will be built at Greywick Junction.

        Members vote on the agreement until March 20. The union's board recommends that they
        accept it, though three of its eleven members were against.
        """,
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/03/scientists-count-curlews-from-the-air/",
        section="community",
        title="Scientists count curlews from the air for the first time",
        authors=("Ruth Adeyinka",),
        published="2026-03-03T09:12:00",
        caption="A curlew on the moor near Upper Fenwick. Photo: University of Castlemere",
        text="""
        Curlews on the moors north of Northmoor are being counted with a drone that sees their
        warmth, in a project of the University of Castlemere and the province's wildlife office.

        Until now volunteers walked the moor in lines, which disturbs the birds and misses about a
        third of the nests. The drone flies at dawn, when the ground is colder than the birds.

        "On the screen they look like a handful of embers," said Professor Miriam Talbot, who also
        works on rivers and came to the curlews by way of a flooded meadow.

        ## Fewer nests than expected

        The first flights found 112 pairs in an area where an older estimate had given 190. Two
        thirds of them nest on land that belongs to three farms.

        One of the farmers, Alasdair Munnoch, has agreed to mow a month later than usual. The
        province pays him for the lost hay, and he has asked to see the pictures.

        The count goes on until the middle of May. A map without the exact position of the nests
        will be published in summer, because eggs are still stolen by collectors.
        """,
    ),
    Story(
        outlet="northmoor-observer",
        path="/2026/03/03/library-fines-abolished-in-northmoor/",
        section="community",
        title="Library fines abolished in Northmoor after 112 years",
        authors=("Gavin Thorsby",),
        published="2026-03-03T15:00:20",
        caption="The reading room of the city library. Photo: Observer",
        text="""
        Whoever brings back a book late in Northmoor no longer pays for it. The city council did
        away with library fines on Tuesday, 112 years after they were brought in.

        The fines brought in 18,000 dollars last year, and collecting them cost 26,000. Above all
        they kept people away, said the head librarian, Constance Vielle.

        Some 4,100 readers owed so much that their cards had been blocked. A third of them were
        younger than sixteen, and many had not entered a library since.

        On the first morning a man of eighty returned an atlas that he had borrowed as a student in
        Castlemere. He had kept it, he said, because the fine frightened him.

        Councillor Bruce Hartigan voted against the change. He said that rules without consequences
        were a strange thing to teach to children, and that he returned his own books on time.

        Lost books must still be paid for. The library will write to all blocked readers this month
        and invite them to an afternoon with coffee and no questions.
        """,
    ),
)
