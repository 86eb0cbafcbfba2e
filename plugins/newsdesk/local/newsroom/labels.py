"""The words that a site puts around its articles, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """Furniture texts of one language; `{…}` are filled by the page."""

    home: str
    about: str
    contact: str
    by: str
    and_: str
    march: str  # all dates of the demo are in March
    date: str  # {day} {month} {year}
    published: str
    updated: str
    share: tuple[str, ...]
    shared: str  # {count}
    read_also: str
    most_read: str
    related: str
    about_author: str
    bio: str  # {name} {outlet}
    newsletter: tuple[str, str, str]  # heading, sentence, button
    comments: str
    comment_form: str
    voices: tuple[tuple[str, str], ...]  # invented commenters and what they wrote
    cookies: tuple[str, str, str]  # sentence, accept, settings
    rights: str
    footer: str  # {outlet}
    topics: str
    search: str
    subscribe: str


LABELS: dict[str, Labels] = {
    "en": Labels(
        home="Home",
        about="About us",
        contact="Contact",
        by="By",
        and_="and",
        march="March",
        date="{day} {month} {year}",
        published="Published",
        updated="Updated",
        share=("Share", "Email", "Print", "Copy link"),
        shared="Shared {count} times",
        read_also="Read also:",
        most_read="Most read",
        related="More on this story",
        about_author="About the author",
        bio="{name} has written for {outlet} since 2014 and likes long walks, strong tea and short council meetings.",
        newsletter=(
            "The morning in your inbox",
            "Sign up for our newsletter and get the five stories that matter in your inbox every weekday at six.",
            "Sign me up",
        ),
        comments="Comments",
        comment_form="Log in to write a comment. Please stay polite and keep to the subject.",
        voices=(
            (
                "tidewatcher",
                "About time that somebody wrote about this. My uncle has been saying "
                "the same thing for years and nobody ever listened to him.",
            ),
            (
                "M. from the hill",
                "And who is going to pay for it? I read the whole article twice and still do not know the answer.",
            ),
        ),
        cookies=(
            "We use cookies so that the site works and so that we know which stories are read.",
            "Accept all",
            "Settings",
        ),
        rights="All rights reserved.",
        footer="© 2026 {outlet}. Complaints about our reporting are answered by the readers' editor within ten days.",
        topics="Topics",
        search="Search the site",
        subscribe="Subscribe to read on",
    ),
    "fr": Labels(
        home="Accueil",
        about="Qui sommes-nous",
        contact="Contact",
        by="Par",
        and_="et",
        march="mars",
        date="{day} {month} {year}",
        published="Publié le",
        updated="Mis à jour le",
        share=("Partager", "Envoyer", "Imprimer", "Copier le lien"),
        shared="Partagé {count} fois",
        read_also="Lire aussi :",
        most_read="Les plus lus",
        related="Sur le même sujet",
        about_author="L'auteur",
        bio="{name} écrit pour {outlet} depuis 2014 et parcourt la région à vélo, par tous les temps.",
        newsletter=(
            "La lettre du matin",
            "Abonnez-vous à notre newsletter et recevez chaque jour à six heures les cinq articles qui comptent.",
            "Je m'abonne",
        ),
        comments="Commentaires",
        comment_form="Connectez-vous pour laisser un commentaire. Restez courtois, s'il vous plaît.",
        voices=(
            (
                "Riverain 12",
                "Il était temps d'en parler ! Mon oncle le répète depuis des années et personne ne l'a jamais écouté.",
            ),
            ("La Marmotte", "Et qui va payer ? J'ai lu deux fois l'article et je n'ai toujours pas trouvé la réponse."),
        ),
        cookies=(
            "Nous utilisons des cookies pour faire fonctionner le site et mesurer son audience.",
            "Tout accepter",
            "Paramètres",
        ),
        rights="Tous droits réservés.",
        footer="© 2026 {outlet}. Le médiateur répond aux lecteurs dans les dix jours.",
        topics="Sujets",
        search="Rechercher sur le site",
        subscribe="Abonnez-vous pour lire la suite",
    ),
    "es": Labels(
        home="Portada",
        about="Quiénes somos",
        contact="Contacto",
        by="Por",
        and_="y",
        march="marzo",
        date="{day} de {month} de {year}",
        published="Publicado el",
        updated="Actualizado el",
        share=("Compartir", "Enviar", "Imprimir", "Copiar enlace"),
        shared="Compartido {count} veces",
        read_also="Lea también:",
        most_read="Lo más leído",
        related="Noticias relacionadas",
        about_author="Sobre el autor",
        bio="{name} escribe en {outlet} desde 2014 y no se pierde ningún pleno ni ninguna verbena.",
        newsletter=(
            "El boletín de la mañana",
            "Suscríbase a nuestro boletín y reciba cada día en su correo las cinco noticias que importan.",
            "Quiero recibirlo",
        ),
        comments="Comentarios",
        comment_form="Inicie sesión para dejar un comentario. Por favor, sea respetuoso con los demás.",
        voices=(
            (
                "vecina_del_puerto",
                "Ya era hora de que alguien lo contara. Mi tío lleva años diciendo lo mismo y nadie le hacía caso.",
            ),
            ("Paco B.", "¿Y quién lo va a pagar? He leído la noticia dos veces y sigo sin saberlo."),
        ),
        cookies=(
            "Usamos cookies para que el sitio funcione y para saber qué noticias se leen.",
            "Aceptar todo",
            "Configurar",
        ),
        rights="Todos los derechos reservados.",
        footer="© 2026 {outlet}. El defensor del lector responde en diez días.",
        topics="Temas",
        search="Buscar en el sitio",
        subscribe="Suscríbase para seguir leyendo",
    ),
    "de": Labels(
        home="Startseite",
        about="Über uns",
        contact="Kontakt",
        by="Von",
        and_="und",
        march="März",
        date="{day}. {month} {year}",
        published="Veröffentlicht am",
        updated="Aktualisiert am",
        share=("Teilen", "E-Mail", "Drucken", "Link kopieren"),
        shared="{count} mal geteilt",
        read_also="Lesen Sie auch:",
        most_read="Meistgelesen",
        related="Mehr zum Thema",
        about_author="Zur Person",
        bio="{name} schreibt seit 2014 für {outlet} und kennt jede Sitzungsvorlage beim Vornamen.",
        newsletter=(
            "Der Morgen im Postfach",
            "Abonnieren Sie unseren Newsletter und erhalten Sie werktags um sechs Uhr die fünf "
            "wichtigsten Meldungen per E-Mail.",
            "Anmelden",
        ),
        comments="Kommentare",
        comment_form="Bitte melden Sie sich an, um einen Kommentar zu schreiben. Bleiben Sie höflich.",
        voices=(
            (
                "Hafenkater",
                "Endlich schreibt das mal jemand. Mein Onkel sagt das seit Jahren, und niemand hat je auf ihn gehört.",
            ),
            (
                "Frau M.",
                "Und wer bezahlt das alles? Ich habe den Artikel zweimal gelesen und weiß es immer noch nicht.",
            ),
        ),
        cookies=(
            "Wir verwenden Cookies, damit die Seite funktioniert und wir wissen, was gelesen wird.",
            "Alle akzeptieren",
            "Einstellungen",
        ),
        rights="Alle Rechte vorbehalten.",
        footer="© 2026 {outlet}. Beschwerden beantwortet der Leseranwalt binnen zehn Tagen.",
        topics="Themen",
        search="Suche",
        subscribe="Abonnieren Sie, um weiterzulesen",
    ),
}
