"""German stories: Rothenauer Anzeiger (its pages are in windows-1252)."""

from __future__ import annotations

from .story import Story

STORIES: tuple[Story, ...] = (
    Story(
        outlet="rothenauer-anzeiger",
        path="/lokales/freibad-oeffnet-mit-solarheizung-art2207.html",
        section="lokales",
        title="Freibad öffnet im Mai mit neuer Solarheizung",
        authors=("Katrin Wessel",),
        published="2026-03-02T07:00:45",
        caption="Das leere Becken im Rothenauer Freibad. Foto: Katrin Wessel",
        text="""
        Das Freibad in Rothenau öffnet am 16. Mai und damit zwei Wochen früher als im vergangenen
        Jahr. Möglich macht das eine Solarheizung, die der Stadtrat im Herbst beschlossen hatte.

        Auf dem Dach der Umkleiden liegen seit Februar 640 Quadratmeter schwarzer Matten, durch die
        das Badewasser gepumpt wird. Die Anlage hat 410.000 Euro gekostet.

        Bürgermeister Jürgen Hallbeck rechnet damit, dass die Stadt jedes Jahr 55.000 Euro für Gas
        spart. „In acht Jahren ist das bezahlt, und warm ist es schon im Mai“, sagte er.

        Der Förderverein hat die Matten zum Teil selbst verlegt. Seine Vorsitzende, Annegret Lührs,
        sprach von vierzig Helfern, neun Samstagen und sehr viel Kartoffelsalat.

        Die Eintrittspreise bleiben unverändert. Neu ist eine Abendkarte für zwei Euro, die ab 18
        Uhr gilt und sich vor allem an Berufstätige richtet.

        Im Sprungbecken wird allerdings noch gearbeitet. Dort müssen Fliesen ersetzt werden, die
        der Frost gelöst hat; fertig sein soll alles bis zu den Ferien.
        """,
    ),
    Story(
        outlet="rothenauer-anzeiger",
        path="/wirtschaft/stahlwerk-baut-ofen-fuer-wasserstoff-art2211.html",
        section="wirtschaft",
        title="Stahlwerk baut Ofen für Wasserstoff",
        authors=("Malte Brügger", "Katrin Wessel"),
        published="2026-03-02T15:35:10",
        caption="Abstich im Rothenauer Stahlwerk. Foto: Malte Brügger",
        text="""
        Die Rothenauer Stahlwerke wollen bis 2029 einen Ofen bauen, der mit Wasserstoff statt mit
        Kohle arbeitet. Der Aufsichtsrat hat am Montag 86 Millionen Euro dafür freigegeben.

        Ein knappes Drittel der Summe kommt vom Land. Im Gegenzug verpflichtet sich das Unternehmen,
        alle 1.150 Arbeitsplätze in Rothenau bis mindestens 2034 zu erhalten.

        Vorstandschefin Friederike Tamm nannte die Entscheidung einen Schritt ohne Rückweg. „Wer
        jetzt noch einmal mit Kohle plant, der plant für ein Museum“, sagte sie.

        Den Wasserstoff soll eine Leitung von der Küste bringen, die es bisher nur auf dem Papier
        gibt. Bis sie fertig ist, läuft der Ofen mit Erdgas aus Norwegen.

        ## Gewerkschaft ist vorsichtig

        Der Betriebsrat begrüßt den Bau. Sein Vorsitzender Detlef Korsing warnte jedoch, ohne die
        Leitung werde aus dem teuren Ofen eine teure Gasheizung.

        Bürgermeister Jürgen Hallbeck kündigte an, das Gewerbegebiet am Hafen zu erweitern. Die
        Stadt wolle vorbereitet sein, wenn Zulieferer dem Werk folgen, und rede schon mit zweien.
        """,
    ),
    Story(
        outlet="rothenauer-anzeiger",
        path="/kultur/theater-spielt-im-stellwerk-art2218.html",
        section="kultur",
        title="Theater spielt im alten Stellwerk",
        authors=("Katrin Wessel",),
        published="2026-03-03T09:50:00",
        caption="Probe zwischen Hebeln und Seilzügen. Foto: Katrin Wessel",
        text="""
        Zwischen sechzig Stellhebeln und einer stehengebliebenen Uhr spielt das Rothenauer Theater
        von Freitag an ein Stück über eine Weichenwärterin, die einen Zug verschwinden lässt.

        Das Stellwerk am Nordbahnhof steht seit 1998 leer. Die Bahn hat es der Stadt für drei Jahre
        überlassen, unter der Bedingung, dass niemand die Hebel anrührt.

        Regisseurin Ottilie Brandner musste deshalb umdenken. „Die Hebel sind unser Chor, sie
        schweigen, und man wartet den ganzen Abend darauf, dass einer etwas sagt“, erklärte sie.

        Auf die Bühne passen vier Schauspieler, in den Raum davor nur 48 Zuschauer. Für die ersten
        sechs Vorstellungen gibt es schon keine Karten mehr.

        Die Hauptrolle spielt Wilma Eschenbach, die vor vierzig Jahren selbst als Fahrdienstleiterin
        gearbeitet hat. Sie brachte ihre alte Mütze mit und ein Kursbuch von 1983.

        Wer keine Karte hat, kann die Aufführung am 14. März auf einer Leinwand am Bahnsteig sehen.
        Decken werden verliehen, und der letzte Zug nach Hamburg wartet zehn Minuten.
        """,
    ),
)
