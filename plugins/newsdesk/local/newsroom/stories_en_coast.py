"""English stories of the coast: The Harbour Courier and The Saltmarsh Gazette."""

from __future__ import annotations

from .story import Story

STORIES: tuple[Story, ...] = (
    Story(
        outlet="harbour-courier",
        path="/news/2026/03/02/breakwater-repairs-to-start-in-april",
        section="news",
        title="Breakwater repairs to start in April after winter storms",
        authors=("Nora Whitfield",),
        published="2026-03-02T07:41:12",
        modified="2026-03-02T11:05:30",
        caption="The eastern arm of the breakwater at Port Ellery. Photo: Courier archive",
        text="""
        Work to mend the eastern breakwater at Port Ellery will begin in the second week of April,
        the Ellery Port Authority said on Monday, five months after storms tore a gap of eleven
        metres in its outer wall.

        The repair will cost 4.6 million pounds and take until the end of September. Two thirds of
        the money comes from the port's own reserve, the rest from a county fund for coastal
        defences.

        Captain Ruth Penhallow, the harbour master, said that boats moored in the inner basin had
        been damaged on three nights this winter because waves ran straight through the breach.

        > "We have been lucky that nobody was hurt, and I do not intend to go through another
        November relying on luck," Captain Penhallow told a meeting of boat owners at the Seamen's
        Hall.

        ## What changes for boat owners

        The authority published a list of measures that will apply for the whole of the building
        season, among them:

        - no mooring along the eastern quay between April and September

        - a speed limit of four knots in the inner basin during working hours

        - free berths at Greywick for the forty boats that have to move

        Mayor Helen Ashcombe welcomed the date but said that the town had asked for an earlier
        start. She pointed out that the summer regatta in July brings some nine thousand visitors
        to the waterfront.

        Engineers from the University of Castlemere surveyed the wall with divers in January. Their
        report found that the old foundations, laid in 1931, are sound along most of their length.

        A public meeting about the traffic of stone lorries along Custom House Street is to be held
        at the Seamen's Hall on Thursday evening.
        """,
    ),
    Story(
        outlet="harbour-courier",
        path="/business/2026/03/02/brightwater-orders-two-electric-ferries",
        section="business",
        title="Brightwater orders two electric ferries for the Greywick route",
        authors=("Callum Reeve", "Nora Whitfield"),
        published="2026-03-02T12:20:45",
        caption="A drawing of the new ferry as Brightwater Shipping imagines it. Image: Brightwater",
        text="""
        Brightwater Shipping has ordered two battery-driven ferries for the crossing between Port
        Ellery and Greywick and expects the first of them to enter service in the spring of 2028.

        The ships will be built at a yard in Norway and carry 60 cars and 320 passengers each. The
        company did not give a price, but said that the order was the largest in its history.

        Victor Lanning, the chief executive of Brightwater Shipping, said that charging masts on
        both quays would fill the batteries in eleven minutes while cars roll off and on.

        "Our customers have told us for years that they want quieter ships and cleaner air at the
        terminal," Mr Lanning said. "With these two we can give them both, and a timetable that
        runs every half hour."

        The Ellery Port Authority will have to lay a new power cable under Custom House Street. The
        work is planned together with Hallam Energy, which runs the local grid.

        Passengers' groups were cautious. Imogen Farrow of the Greywick Travellers' Forum said that
        fares had risen by nine per cent in two years and asked who would pay for the cable.

        Brightwater carried 1.3 million passengers on the route last year, four per cent more than
        in the year before. Its oldest ship, the Lady Ashdown, has sailed there since 1989.
        """,
    ),
    Story(
        outlet="harbour-courier",
        path="/community/2026/03/03/lifeboat-museum-saved-by-volunteers",
        section="community",
        title="Lifeboat museum saved by two hundred volunteers",
        authors=("Nora Whitfield",),
        published="2026-03-03T06:30:00",
        caption="Volunteers carry the model fleet back into the museum. Photo: Nora Whitfield",
        text="""
        The lifeboat museum in Port Ellery will open again at Easter after two hundred volunteers
        spent the winter drying its collection, which had stood under water for a night in October.

        Some of the ship models had to be taken apart plank by plank. Others were sent to the
        conservation workshop of the University of Castlemere, where students treated them free of
        charge.

        Agnes Tolliver, who has led the museum for nineteen years, said she had expected to lose
        half of the collection. In the end only four models and a case of photographs were beyond
        repair.

        "People turned up with hair dryers, with blotting paper, with soup," she said. "A retired
        joiner from Greywick came every morning for eleven weeks and never once asked for his bus
        fare."

        The museum's ground floor has been rebuilt with its sockets a metre higher than before and
        with display cases that can be lifted to the upper storey by two people.

        Mayor Helen Ashcombe is to cut the ribbon on Good Friday. Entry will be free for the whole
        weekend, and crews of the present lifeboat will show visitors around their station.
        """,
    ),
    Story(
        outlet="harbour-courier",
        path="/news/2026/03/03/council-votes-down-parking-charge",
        section="news",
        title="Council votes down evening parking charge by a single vote",
        authors=("Callum Reeve",),
        published="2026-03-03T21:15:09",
        caption="Cars along the promenade at Port Ellery on Tuesday. Photo: Callum Reeve",
        text="""
        Port Ellery's council has rejected a plan to charge for parking along the promenade in the
        evening. Sixteen members voted against it and fifteen in favour after a debate of three
        hours.

        The charge of two pounds would have applied from six o'clock until midnight. The treasurer,
        Philip Marchbank, had expected it to bring in 210,000 pounds a year for road repairs.

        Restaurant owners had collected 3,400 signatures against the plan. Their speaker, Gloria
        Benedetti, told the council that takings in the winter months had still not recovered from
        the storms.

        Two members of Mayor Helen Ashcombe's own party voted with the opposition. One of them,
        Simon Ackroyd, said that a charge without a late bus was simply a fine for working in a
        kitchen.

        Mrs Ashcombe said after the vote that she respected the result, but that the hole in the
        budget for roads was now larger than it had been in the morning.

        The council will look at the question again in the autumn, when a study of bus times after
        ten o'clock is due. It is being written by the county's transport office in Castlemere.
        """,
    ),
    Story(
        outlet="saltmarsh-gazette",
        path="/news/weather-fog-and-frost-for-saltmarsh-bay-on-monday",
        section="news",
        title="Weather: fog and frost for Saltmarsh Bay on Monday",
        authors=(),
        published="2026-03-02T00:00:00",
        caption="Fog over the mudflats at first light. Photo: Joan Tredwell",
        text="""
        Monday begins with fog over the mudflats and a ground frost inland, the county weather
        office in Castlemere said. The fog should lift by ten o'clock, later in sheltered creeks.

        Temperatures will climb from minus two degrees at dawn to seven degrees in the afternoon.
        The wind stays light and blows from the north-east, at no more than eight miles an hour.

        High water at Saltmarsh Quay is at 11.52 with a height of 4.1 metres. Walkers on the
        causeway should be back on firm ground by half past nine in the morning at the latest.

        Forecaster Owen Marlowe said that the high pressure over the coast would hold until
        Wednesday. "It is dry, it is cold, and it is a good week for drying nets," he said.

        Drivers are asked to take care on the marsh road, where black ice caused two minor
        accidents on Saturday. Gritting lorries will go out at four o'clock in the morning.

        Our figures come from the county's 42 stations, of which nine stand on the coast and four
        above the tree line. They are read every hour, on Sundays and holidays too.

        The outlook for the following day is similar, with a little more sunshine in the afternoon
        and another night of frost to come. The next bulletin appears at six in the evening.
        """,
    ),
    Story(
        outlet="saltmarsh-gazette",
        path="/news/oyster-growers-ask-for-cleaner-river",
        section="news",
        title="Oyster growers ask for a cleaner river before the summer",
        authors=("Joan Tredwell",),
        published="2026-03-02T00:00:00",
        caption="Oyster racks at low tide in Saltmarsh Bay. Photo: Joan Tredwell",
        text="""
        The oyster growers of Saltmarsh Bay have asked the county to stop sewage from running into
        the river Wend before the bathing season, after their beds were closed for 38 days last
        year.

        Eleven family firms work the bay, most of them for three generations. They say that each
        day of closure costs them together about 14,000 pounds in lost sales.

        "We are not asking for a miracle, only for the pumps at Wendford to be switched on when it
        rains," said Dorothy Quayle, who speaks for the growers' association.

        Tests by Professor Miriam Talbot of the University of Castlemere showed high levels of
        bacteria on nineteen days in autumn, always within two days after heavy rain.

        Hallam Energy, which also runs the county's waterworks, said that two new pumps had been
        ordered and would be working by June. The company spoke of delays with spare parts.

        County councillor Edmund Fairlie promised a meeting with all sides before Easter. He said
        that fines were possible, but that a working pump was worth more than a paid fine.
        """,
    ),
    Story(
        outlet="saltmarsh-gazette",
        path="/community/bell-ringers-of-st-wilfrids-look-for-recruits",
        section="community",
        title="Bell ringers of St Wilfrid's look for recruits aged nine to ninety",
        authors=("Joan Tredwell",),
        published="2026-03-03T00:00:00",
        caption="The ringing chamber of St Wilfrid's church. Photo: Joan Tredwell",
        text="""
        The bells of St Wilfrid's in Saltmarsh may fall silent at Whitsun unless the church finds
        four new ringers, the captain of the tower has warned in a letter to the parish.

        Six people are needed to ring the full set. Since Christmas two members have moved away to
        Castlemere, one has hurt a shoulder, and one has sat her finals.

        Walter Ingleby has rung there for 51 years. He said that a beginner needs about twelve
        evenings to handle a rope safely and rather longer to stop counting aloud.

        "You do not have to be strong, you do not have to be musical, and you do not even have to
        come to church," Mr Ingleby said. "You only have to turn up on Tuesdays."

        The youngest ringer is Poppy Marsden, who is nine and stands on a box. She learned with
        her grandmother and says that the tenor bell is called Old Margaret and is always late.

        An open evening takes place next Tuesday at seven o'clock, with tea in the vestry. The
        tower has 62 steps, and the ringers ask visitors to wear flat shoes.
        """,
    ),
)
