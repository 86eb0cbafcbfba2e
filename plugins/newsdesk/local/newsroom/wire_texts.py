"""Copy of the news agencies (Meridian Press, Agence Alpine) as it reaches the newsrooms.

Without headline and dateline: each newsroom puts its own.
"""

from __future__ import annotations

FERRY = """
A ferry with 212 passengers on board ran aground in thick fog off Greywick early on Monday. All of
them were brought ashore within three hours, and nobody was seriously hurt, the coastguard said.

The Lady Ashdown, which belongs to Brightwater Shipping, had left Port Ellery at 5.40 in the
morning. Twenty minutes later she struck a sandbank half a mile outside the marked channel.

Two lifeboats, a pilot cutter and four fishing boats took part in the rescue. The sea was calm, but
visibility was less than eighty metres for most of the time.

Captain Ruth Penhallow, the harbour master of Port Ellery, praised the crew. "They counted heads
three times and kept everybody on the right side of the ship," she said.

Nine passengers were treated for bruises and cold at the hospital in Greywick. Seven of them went
home before noon, and two were kept overnight as a precaution.

Among those on board was a school class from Castlemere on its way to a swimming contest. Their
teacher, Duncan Mayhew, said that the children had sung until the boats came.

The ferry was pulled free by two tugs at high water in the afternoon. Divers found a dent of six
metres in her hull, but no leak and no trace of oil.

Victor Lanning, the chief executive of Brightwater Shipping, apologised to the passengers. He said
that fares would be paid back and that a replacement ship would sail from Wednesday.

Investigators want to know why the ferry left the channel. Her radar was working, according to the
coastguard, and the buoy at the bend of the channel was in its place.

The Seafarers' Federation said that crews had complained about short turnaround times since autumn.
It called for a second officer on the bridge whenever visibility is poor.

It is the third accident on the route in ten years. In 2019 a ferry rammed the quay at Greywick,
and in 2022 another lost power in a storm and drifted for two hours.

A report by the accident board is expected in the summer. Until then the Lady Ashdown will stay in
dry dock, where her sister ship is already waiting for a new engine.
"""

RAILWAY = """
The government has approved a new railway line between Castlemere and Northmoor that will cut the
journey from two hours to 55 minutes. Building is to begin next year and to end in 2032.

Transport Minister Daniel Orrin presented the plan on Monday. The line is 96 kilometres long, needs
eleven bridges and one tunnel, and will cost an estimated 2.7 billion.

"This is the largest thing we have built on rails in sixty years, and it is high time," Mr Orrin
told reporters in the railway museum of Castlemere.

Trains will stop at Wendford and at a new station near Upper Fenwick. Each of them will have room
for 480 passengers and will run every half hour from five in the morning until midnight.

The tunnel under Harrow Fell is the most difficult part of the work. At 7.2 kilometres it will be
the longest in the country, and geologists expect water in its northern third.

The Northern Rail Union welcomed the decision. Its leader, Tessa Galbraith, said that the line would
need about 900 people and that most of them would have to be trained first.

Farmers along the route fear for their meadows. Alasdair Munnoch, who keeps sheep near Upper Fenwick,
said that the track would cut his land into three pieces with a single gate.

Environmental groups are divided. Some point to the lorries that the line will take off the road,
others to the curlews that breed on the moor north of the tunnel.

Professor Miriam Talbot of the University of Castlemere has been asked to watch over the streams
above the tunnel. She is to report twice a year, and her reports will be public.

The opposition called the cost estimate a fairy tale. Its speaker on transport, Geoffrey Landsbury,
recalled that the last large bridge had cost twice as much as planned.

Money for the first two years is already in the budget. For the rest the government wants to issue
a railway bond that private savers can buy in pieces of one hundred.

The first spade is to be dug at Wendford in May of next year. Until then 240 owners of land must be
asked for their consent, and about a third of them have given it so far.
"""

SEAGRASS = """
Meadows of seagrass along the coast are growing again for the first time in forty years, according
to a study by the University of Castlemere that was published on Tuesday.

The researchers compared photographs from aeroplanes since 1984 with pictures that divers took last
summer. The meadows now cover 31 square kilometres, a quarter more than ten years ago.

Seagrass gives shelter to young fish and holds the sand in place during storms. It also stores
carbon in its roots, more for each square metre than most forests.

Professor Miriam Talbot, who led the study, said that cleaner rivers were the main reason. "The
plant needs light, and for decades the water was as clear as soup," she said.

The growth is strongest in Saltmarsh Bay, where a fleet of trawlers gave up dragging the bottom in
2015. It is weakest near Port Ellery, because anchors tear up the roots.

In one cove the divers found seahorses, which had not been seen there since 1971. They have asked
for the exact place to be kept secret until it is protected.

The study also names a danger. In summers with long spells above 24 degrees in the shallow water a
fifth of the plants died, and such spells have become more frequent.

The Ellery Port Authority wants to lay forty mooring buoys so that yachts need not drop an anchor.
The buoys cost 1,100 each and hold boats of up to fifteen metres.

Dorothy Quayle of the oyster growers' association said that her members had noticed the change.
"The water is clearer at the edge of the meadows, and our oysters are fatter," she said.

The county has set aside money for planting by hand in two places. Schools will be asked to help,
because the seeds must be gathered at low tide and sorted within a day.

The work took four years and was paid for by a foundation and by the county. The data are free for
anybody to use, and a map can be seen at the library in Castlemere.
"""

LIGNE_ALPINE = """
La ligne de chemin de fer entre Valbrune et Port-Morins rouvrira le 20 avril, dix-huit mois après
l'éboulement qui avait emporté soixante mètres de voie, a annoncé mardi la compagnie des Trois-Vallées.

Les travaux ont coûté 41 millions d'euros. Une galerie de béton protège désormais la voie sur deux
cents mètres, à l'endroit même où la falaise s'était détachée.

« Nous avons posé plus de capteurs que de traverses », a déclaré la directrice de la compagnie,
Agathe Rimbeau, lors d'une visite du chantier avec la presse.

Les trains circuleront toutes les heures, contre un toutes les deux heures auparavant. Le trajet
durera une heure et douze minutes, soit neuf minutes de moins qu'avant l'accident.

Pendant la fermeture, des autocars avaient remplacé les trains. Leur fréquentation était tombée de
moitié, surtout en hiver, quand la route du col restait bloquée.

La maire de Valbrune, Claire Dumontel, s'est réjouie de cette réouverture. Elle espère que les
skieurs laisseront leur voiture en plaine dès la saison prochaine.

Du côté suisse, la conseillère d'État Mathilde Curchod a rappelé que la moitié des voyageurs sont
des frontaliers. Pour eux, un abonnement commun sera créé au mois de mai.

Selon les géologues de l'Institut de Montreval, la falaise bouge encore de quatre millimètres par an.
Une alarme arrête les trains dès que le mouvement s'accélère.

Les syndicats demandent deux agents de plus pour surveiller la galerie. La compagnie répond que les
capteurs suffisent et que les images sont regardées jour et nuit.

L'éboulement n'avait fait aucune victime. Le dernier train du soir était passé onze minutes plus
tôt, avec trente-quatre personnes à son bord.

Une fête est prévue le jour de la réouverture dans les six gares de la ligne. Le voyage sera gratuit
toute la journée, et une locomotive à vapeur de 1911 tirera le premier convoi.
"""
