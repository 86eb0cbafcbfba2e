"""French stories: Le Courrier de Valbrune and La Gazette du Lac."""

from __future__ import annotations

from .story import Story

STORIES: tuple[Story, ...] = (
    Story(
        outlet="courrier-valbrune",
        path="/region/2026/03/02/le-pont-des-tanneurs-ferme-six-mois",
        section="region",
        title="Le pont des Tanneurs fermé six mois à Valbrune",
        authors=("Camille Ferrand",),
        published="2026-03-02T08:15:00",
        caption="Le pont des Tanneurs, lundi matin. Photo : Camille Ferrand",
        text="""
        Le pont des Tanneurs, à Valbrune, sera fermé à toute circulation à partir du 16 mars et
        pour une durée de six mois, a annoncé lundi la maire, Claire Dumontel.

        Des fissures ont été découvertes en janvier dans deux des quatre piles. Selon les
        ingénieurs de l'Institut de Montreval, l'ouvrage n'est pas menacé, mais il ne supporte plus
        les poids lourds.

        Le chantier coûtera 3,2 millions d'euros, dont la moitié est prise en charge par la région.
        Les piétons et les cyclistes pourront passer par une passerelle provisoire.

        « Nous préférons six mois de patience à six ans d'inquiétude », a déclaré Claire Dumontel
        devant une centaine d'habitants réunis à la salle des fêtes.

        ## Les commerçants inquiets

        Sur la rive gauche, les commerçants craignent de perdre leurs clients. Leur association,
        présidée par Gérard Pommeray, demande une navette gratuite et la gratuité du parking de la
        gare.

        La mairie a promis une réponse avant la fin de la semaine. Elle rappelle que le pont
        supporte chaque jour onze mille véhicules, soit le double de ce qui était prévu en 1968.
        """,
    ),
    Story(
        outlet="courrier-valbrune",
        path="/economie/2026/03/02/la-papeterie-moreau-embauche",
        section="economie",
        title="La papeterie Moreau-Lanoy embauche quarante personnes",
        authors=("Julien Astier",),
        published="2026-03-02T14:50:00",
        caption="Une bobine de papier à l'usine de Valbrune. Photo : Julien Astier",
        text="""
        La papeterie Moreau-Lanoy va embaucher quarante personnes d'ici à l'été dans son usine de
        Valbrune. L'entreprise, fondée en 1887, avait failli fermer il y a quatre ans.

        Elle doit ce renouveau à l'emballage. Les commandes de carton fin, destiné aux fruits et
        aux fromages, ont augmenté d'un tiers en une année, explique la directrice, Solène Arnoux.

        Une nouvelle machine, achetée en Italie pour neuf millions d'euros, doit entrer en service
        au mois de juin. Elle consomme deux fois moins d'eau que l'ancienne.

        Les syndicats saluent la nouvelle, mais réclament des contrats durables. « On ne bâtit pas
        une vie avec des missions de trois semaines », dit Farid Benkacem, délégué du personnel.

        La région apporte une aide de 600 000 euros, à condition que les emplois soient maintenus
        pendant cinq ans. Les candidats peuvent se présenter samedi à la mairie.

        La maire, Claire Dumontel, espère que d'autres entreprises suivront. La zone industrielle
        du Plessis compte encore douze hectares libres, reliés au chemin de fer.
        """,
    ),
    Story(
        outlet="courrier-valbrune",
        path="/culture/2026/03/03/un-orgue-retrouve-sa-voix",
        section="culture",
        title="Un orgue de 1742 retrouve sa voix à Saint-Aubin",
        authors=("Camille Ferrand", "Julien Astier"),
        published="2026-03-03T10:05:00",
        caption="Le buffet de l'orgue de Saint-Aubin. Photo : Camille Ferrand",
        text="""
        Muet depuis un incendie en 1994, l'orgue de l'église Saint-Aubin de Valbrune sera joué de
        nouveau le dimanche de Pâques, après sept ans de travaux.

        Le facteur d'orgues Bastien Corvoisier a démonté les 1 846 tuyaux un par un. Près de trois
        cents d'entre eux, fondus par la chaleur, ont dû être refaits d'après des dessins anciens.

        « Un orgue n'est jamais tout à fait mort, il attend qu'on lui rende son souffle », sourit
        l'artisan, qui a installé son atelier dans la sacristie.

        Le coût, 780 000 euros, a été payé par l'État, par la ville et par une souscription à
        laquelle ont participé plus de deux mille personnes, parfois pour le prix d'un seul tuyau.

        L'organiste Marguerite Delattre donnera le premier concert. Elle jouera une pièce retrouvée
        aux archives de Montreval et que personne n'a entendue depuis la Révolution.

        Les places sont gratuites, mais il faut les réserver à l'office de tourisme. Un écran sera
        dressé sur le parvis si le temps le permet.
        """,
    ),
    Story(
        outlet="gazette-du-lac",
        path="/2026/03/02/les-bateaux-solaires-arrivent-sur-le-lac/",
        section="actualite",
        title="Les bateaux solaires arrivent sur le lac de Morins",
        authors=("Sandrine Favrod",),
        published="2026-03-02T09:20:11",
        modified="2026-03-02T16:02:00",
        caption="L'un des deux bateaux au chantier de Port-Morins. Photo : Gazette",
        text="""
        Deux bateaux à panneaux solaires relieront dès le mois de mai les cinq ports du lac de
        Morins. La compagnie de navigation les a présentés lundi au chantier de Port-Morins.

        Longs de vingt-quatre mètres, ils peuvent embarquer quatre-vingts personnes et trente
        vélos. Leurs batteries suffisent pour une journée entière, même sous les nuages.

        Le directeur de la compagnie, Étienne Rochat, assure que le billet ne coûtera pas plus cher
        qu'aujourd'hui. L'ancien vapeur, l'Helvie, restera en service le dimanche.

        « Le silence est notre plus beau progrès : on entendra enfin le guide sans qu'il ait besoin
        de crier », dit Étienne Rochat.

        Les pêcheurs professionnels sont plus réservés. Ils demandent que les bateaux restent à
        trois cents mètres de leurs filets, surtout au lever du jour.

        Le canton prend en charge un tiers de la dépense, soit 2,4 millions de francs. La conseillère
        d'État Mathilde Curchod y voit un exemple pour les autres lacs de Suisse.
        """,
    ),
    Story(
        outlet="gazette-du-lac",
        path="/2026/03/03/fromage-une-cave-creusee-dans-la-molasse/",
        section="economie",
        title="Une cave à fromage creusée dans la molasse",
        authors=("Luc Perrotin",),
        published="2026-03-03T07:45:00",
        caption="Les premières meules dans la galerie de Combaz. Photo : Luc Perrotin",
        text="""
        À Combaz, huit laiteries se sont unies pour creuser une cave à fromage dans la molasse. La
        galerie, longue de cent vingt mètres, peut recevoir onze mille meules.

        La température y reste à onze degrés toute l'année, sans aucune machine. C'est ce qui a
        convaincu les laitiers, dont les factures d'électricité avaient doublé.

        Le projet a coûté 5,1 millions de francs. La Banque des Trois-Vallées en a prêté la moitié,
        et les paysans ont fourni eux-mêmes deux mille heures de travail.

        > « Mon grand-père disait que la montagne fait le fromage et que nous le portons. Cette
        fois, nous l'avons porté dedans », raconte le fromager Aloys Genillard.

        Les premières meules seront vendues en novembre. Un tiers partira à l'étranger, surtout en
        France et en Allemagne, où la demande reste forte.

        Les visiteurs pourront découvrir la galerie le samedi, derrière une vitre. Il faudra mettre
        un bonnet, précise la coopérative, et un vrai manteau.
        """,
    ),
    Story(
        outlet="gazette-du-lac",
        path="/2026/03/03/les-gardiens-de-cabane-manquent-d-eau/",
        section="montagne",
        title="Les gardiens de cabane manquent d'eau en plein hiver",
        authors=("Sandrine Favrod", "Luc Perrotin"),
        published="2026-03-03T11:30:40",
        caption="La cabane des Aiguillettes, à 2 740 mètres. Photo : Gazette",
        text="""
        Trois cabanes des Aiguillettes ont dû fermer leurs douches et rationner l'eau au beau milieu
        de la saison de ski. La neige est là, mais les sources ne coulent plus.

        Le gel a atteint une profondeur inhabituelle en janvier, explique l'hydrologue Noémie
        Vaucher, de l'Institut de Montreval. Le manteau neigeux était alors trop mince pour protéger
        le sol.

        La gardienne Rosemarie Tschanz fait fondre la neige sur un fourneau à bois. « Il faut dix
        seaux de neige pour une soupe, et deux heures de bûches », dit-elle.

        Le Club des Aiguillettes, propriétaire des cabanes, veut construire trois citernes cet été.
        Il lui manque encore 400 000 francs et l'accord de la commune de Combaz.

        En attendant, les randonneurs sont priés d'apporter deux litres d'eau par personne. Ceux qui
        montent un litre de plus reçoivent le thé gratuit.

        Selon Noémie Vaucher, de tels hivers seront plus fréquents. Elle conseille de placer les
        nouvelles citernes plus bas et de pomper l'eau la nuit.
        """,
    ),
)
