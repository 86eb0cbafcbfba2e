"""English stories of The Daily Ledger, The Evening Lantern and the Old Mill Bulletin."""

from __future__ import annotations

from .story import Story

STORIES: tuple[Story, ...] = (
    # The two market reports share their frame, not their news: hard negatives for deduplication.
    Story(
        outlet="daily-ledger",
        path="/markets/closing-report-2026-03-02",
        section="markets",
        title="Closing report: shipping shares lead the Castlemere index higher",
        authors=("Priya Ramsden",),
        published="2026-03-02T17:05:00",
        caption="The trading floor of the Castlemere exchange. Photo: Ledger",
        text="""
        Shares in Castlemere closed higher on Monday. The index of the thirty largest companies
        rose 1.4 percent to 6,218 points, led by shipping lines after a large order for ferries.

        Brightwater Shipping gained 6.2 percent to 41.10 after it announced two electric ships for
        its busiest route. Kestrel Bank, which finances the order, added 2.3 percent.

        Among the losers was Hallam Energy, down 1.9 percent. Traders pointed to warm weather
        forecasts and to the cost of a new cable that the company must lay in Port Ellery.

        "The market likes a story that it can see floating," said Gregory Althaus, who manages a
        fund at Lindmoor Partners. He called the rise in shipping shares overdue.

        Government bonds hardly moved. The yield on the ten-year note stood at 3.12 percent in the
        afternoon, against 3.10 percent on Friday.

        The index is worked out every fifteen seconds from the prices of the thirty largest
        companies and is made up anew on the first trading day of each quarter.

        Turnover was 2.8 billion dollars, a fifth more than on an average Monday. On Tuesday the
        statistics office publishes figures on factory orders for January.
        """,
    ),
    Story(
        outlet="daily-ledger",
        path="/markets/closing-report-2026-03-03",
        section="markets",
        title="Closing report: banks drag the Castlemere index lower",
        authors=("Priya Ramsden",),
        published="2026-03-03T17:05:00",
        caption="The trading floor of the Castlemere exchange. Photo: Ledger",
        text="""
        Shares in Castlemere closed lower on Tuesday. The index of the thirty largest companies
        fell 0.9 percent to 6,162 points, dragged down by banks after weak factory orders.

        Kestrel Bank lost 3.7 percent to 18.45 after a broker cut its advice to sell. Northgate
        Mutual, which has lent heavily to machine makers, gave up 2.6 percent.

        Among the winners was Tarn Foods, up 4.4 percent. Traders pointed to a record harvest of
        winter barley and to the price that a rival from Denmark is said to offer.

        "Nobody wants to own a lender in a week like this," said Paula Winterbourne, who trades
        shares at Osgood and Lyle. She called the fall in bank shares orderly.

        Government bonds rose sharply. The yield on the ten-year note stood at 3.01 percent in the
        afternoon, against 3.12 percent on Monday.

        The index is worked out every fifteen seconds from the prices of the thirty largest
        companies and is made up anew on the first trading day of each quarter.

        Turnover was 3.3 billion dollars, a third more than on an average Tuesday. On Wednesday the
        central bank publishes its report on credit for the fourth quarter.
        """,
    ),
    Story(
        outlet="daily-ledger",
        path="/companies/kestrel-bank-to-close-eleven-branches",
        section="companies",
        title="Kestrel Bank to close eleven branches and hire programmers",
        authors=("Marcus Oyelle",),
        published="2026-03-02T09:30:00",
        caption="Headquarters of Kestrel Bank in Castlemere. Photo: Ledger",
        text="""
        Kestrel Bank will close eleven of its 64 branches by the end of the year and spend the
        savings on its own software, the lender told investors in Castlemere on Monday.

        About 180 jobs will go, most of them by early retirement. At the same time the bank wants
        to hire 120 programmers and 30 people who check its systems for fraud.

        Chief executive Leonora Haskell said that visits to branches had fallen by half in six
        years. "We keep the ones where people talk to us and close the ones where they queue at a
        machine," she said.

        The branches that close are mostly in small towns, among them Greywick and Wendford. There
        a bus will stop twice a week with a counter and a cash machine on board.

        Analyst Harriet Solberg of Lindmoor Partners expects savings of 22 million dollars a year.
        She warned that the bank's last software project had run two years late.

        The bank workers' union called the plan a retreat from the countryside. It wants a promise
        that nobody is dismissed before 2029, and talks are to begin next week.
        """,
    ),
    Story(
        outlet="daily-ledger",
        path="/economy/factory-orders-fall-for-third-month",
        section="economy",
        title="Factory orders fall for a third month as exports weaken",
        authors=("Priya Ramsden", "Marcus Oyelle"),
        published="2026-03-03T08:35:00",
        caption="A machine hall in the north of the country. Photo: Ledger",
        text="""
        Factories received fewer orders in January for the third month in a row. The statistics
        office reported a fall of 2.2 percent against December, twice as much as economists had
        expected.

        Orders from abroad were the weak spot. Demand from Germany fell by 5.1 percent and from
        Japan by 3.4 percent, while orders from Canada rose a little.

        Makers of machines suffered most. Shipyards and suppliers of cable, by contrast, reported
        full books, thanks partly to new ferries and wind parks off the coast.

        "This is a slow puncture, not a blowout," said Professor Anselm Whitcombe, an economist at
        the University of Castlemere. He expects the economy to grow by 0.8 percent this year.

        The industry association asked for lower electricity taxes. Its president, Rosalind Keene,
        said that power cost a third more than in neighboring countries.

        The Treasury gave no promise. A spokesman said that the budget in April would look at the
        burden on firms as a whole and not at single taxes.
        """,
    ),
    Story(
        outlet="evening-lantern",
        path="/2026/03/tea-rooms-and-gallery-plan-for-old-customs-house",
        section="community",
        title="Tea rooms & gallery planned for the old customs house",
        authors=("Isla Corrigan",),
        published="2026-03-02T16:40:22",
        caption="The old customs house at Rata Point. Photo: Isla Corrigan",
        text="""
        The old customs house at Rata Point, empty since 2011, is to become a gallery with tea
        rooms. The district council sold the building on Monday to two sisters for one dollar.

        Hana and Mere Tipene must put 900,000 dollars into the house within three years. If they
        do not, the council may take it back for the same dollar.

        The roof will be done first. Rain has come through in four places, and the great stair is
        held up by props that an inspector described as hopeful.

        "We grew up across the road, and we used to climb in through the scullery window," said
        Hana Tipene, a potter. "Now we have a key, and it turns out the lock is broken."

        Three other bidders had offered more money, among them a chain of motels. The council
        preferred a plan that keeps the house open to the public, Mayor Colin Weatherall said.

        The first exhibition is planned for November. It will show photographs of the harbour from
        the time when wool was shipped from Rata Point to half the world.
        """,
    ),
    Story(
        outlet="evening-lantern",
        path="/2026/03/volunteers-clear-harbour-of-lost-nets",
        section="news",
        title="Volunteers clear harbour of six tonnes of lost nets",
        authors=("Tama Wilkes",),
        published="2026-03-03T18:05:00",
        caption="Divers with part of the haul at Rata Point. Photo: Tama Wilkes",
        text="""
        Divers and fishing crews have pulled six tonnes of lost nets out of the harbour at Rata
        Point in a single week, three times as much as they had expected to find.

        The nets had been caught on the wreck of a coal barge that sank in 1957. They went on
        catching fish for years, with nobody to haul them in.

        Forty volunteers took part. The divers cut the nets free at a depth of eighteen metres, and
        four trawlers lifted them with their winches and brought them to the quay.

        "The saddest thing was the crayfish," said diver Jerome Paewai. "The happiest was that
        about half of them were alive and left in a great hurry."

        A firm in Greywick will turn the nylon into floor tiles. The rest, mostly rope and lead,
        goes to the scrap yard, which has promised to give the proceeds to the lifeboat.

        The harbour office now wants to mark the wreck with a buoy. It also asks crews to report
        lost nets at once, and says that no one who does so will be fined.
        """,
    ),
    Story(
        outlet="old-mill-bulletin",
        path="/story/101-mill-wheel-turns-again.html",
        section="news",
        title="Mill wheel turns again after eighty years",
        authors=("Bernard Pike",),
        published="2026-03-02T10:00:05",
        caption="The restored wheel at Wendford mill. Picture: Bernard Pike",
        text="""
        The water wheel of Wendford mill turned on Sunday for the first time since 1946. Some three
        hundred people stood along the mill race and cheered when the first sack of flour was
        filled.

        The wheel is made of larch and weighs four tonnes. It was built by apprentices from
        Castlemere under the eye of Ernest Godbold, a millwright who is 83 years old.

        Mr Godbold said that he had seen the wheel stop as a boy. "My grandfather shut the sluice
        and told me to remember the sound," he said. "I have remembered it, and that is the sound."

        The parish bought the mill in 2018. Since then it has raised 260,000 pounds, much of it
        with concerts in the granary and a calendar of the parish's cats.

        Flour will be ground on the first Sunday of each month and sold at the door. The baker of
        Wendford, Lucille Prentice, has ordered the whole of the first sack.

        The mill also makes electricity. A small turbine beside the wheel feeds the grid of Hallam
        Energy and should earn the parish about 5,000 pounds a year.
        """,
    ),
    Story(
        outlet="old-mill-bulletin",
        path="/story/104-parish-council-wants-slower-traffic.html",
        section="news",
        title="Parish council wants slower traffic past the school",
        authors=("Bernard Pike",),
        published="2026-03-03T12:45:00",
        caption="The crossing in front of Wendford school. Picture: Bernard Pike",
        text="""
        Cars in Wendford are to go no faster than twenty miles an hour past the school. The parish
        council voted unanimously on Monday night to ask the county for new signs and a crossing.

        Parents had measured the traffic themselves for a week. Of 2,350 cars, more than half went
        faster than thirty, and one went past the gate at fifty-eight.

        Councillor Edmund Fairlie, who also sits on the county council, promised to bring the
        request to Castlemere. He said that signs were cheap and that children were not.

        The county's transport office usually wants a count of its own, which takes until autumn.
        The parish hopes that the parents' figures will be accepted for the time being.

        Head teacher Olive Standish thanked the parents who had sat by the road in the rain. She
        said that the oldest pupils had used the figures in their lessons on fractions.

        Until the signs come, two volunteers in yellow coats will stand at the gate every morning.
        More are wanted, above all for Thursdays, when the market brings lorries into the village.
        """,
    ),
)
