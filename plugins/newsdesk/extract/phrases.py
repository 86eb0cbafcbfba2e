"""How the web words its furniture, by language: the vocabulary of `furniture` and `verdict`.

Each entry is a regular expression, matched without case. Only wordings that sites share are here;
none belongs to one publisher.
"""

from __future__ import annotations

import re


def one_of(*alternatives: str) -> str:
    """The alternatives as one group of a regular expression."""
    return "(?:" + "|".join(alternatives) + ")"


def compile_line(*alternatives: str) -> re.Pattern[str]:
    """A pattern that must match a whole line."""
    return re.compile(one_of(*alternatives), re.IGNORECASE)


MONTHS = one_of(
    # en, de, fr, es, it, pt, nl, nordic; the three-letter forms take an optional full stop
    r"jan(?:uary|uar|vier|eiro|uari)?", r"janv", r"jän(?:ner)?", r"ene(?:ro)?", r"genn?(?:aio)?", r"feb(?:ruary|ruar|rero|braio|ruari)?",
    r"févr(?:ier)?", r"fév", r"fev(?:ereiro)?", r"mar(?:ch|zo|s|ço)?", r"m(?:ä|ae)rz", r"mrt", r"maart", r"mär", r"mrz",
    r"apr(?:il|ile)?", r"avr(?:il)?", r"abr(?:il)?", r"ma[iyj]o?", r"mei", r"mag(?:gio)?", r"june?", r"juni?", r"juin", r"junio", r"junho",
    r"giu(?:gno)?", r"jul(?:y|i|io|ho)?", r"juil(?:let)?", r"lug(?:lio)?", r"aug(?:ust|ustus|usti)?", r"août", r"ago(?:sto)?",
    r"sept?(?:ember|embre|iembre|tembre)?", r"set(?:tembre|embro|iembre)?", r"o[ckt]t(?:ober|obre|ubre)?", r"ott(?:obre)?", r"out(?:ubro)?",
    r"nov(?:ember|embre|iembre|embro)?", r"de[cz](?:ember|embro)?", r"déc(?:embre)?", r"dic(?:iembre|embre)?",
    # pl, cs, ru, uk
    r"stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
    r"ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince",
    r"январ[ья]|феврал[ья]|марта?|апрел[ья]|мая|май|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]",
    r"січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня",
)  # fmt: skip

_DAYS = one_of(
    r"mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun", r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so",
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche", r"lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    r"lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
    r"(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|sábado", r"maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
    r"måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mandag|tirsdag|lørdag|søndag",
)  # fmt: skip

# Words that stand beside a date or time in a dateline of the page (not of the story).
_DATE_WORDS = one_of(
    r"published|publish|posted|updated?|modified|edited|last|first|date|on|at|the|of|and|time|ago|hours?|minutes?|mins?|days?|edt|est|pdt|pst|cdt|cst",
    r"mdt|mst|utc|gmt|bst|cet|cest|mez|mesz|ist|jst|et|pt|ct|am|pm|st|nd|rd|th|read(?:ing)?|h|min",
    r"veröffentlicht|aktualisiert|erschienen|stand|zuletzt|letzte|aktualisierung|am|um|uhr|vom|vor|stunden?|minuten?|tagen?|lesezeit|lesedauer",
    r"publié|mis|mise|modifié|à|jour|le|la|les|du|de|dernière|il|y|a|heures?|temps|lecture|par",
    r"publicado|publicada|actualizado|actualizada|actualización|el|en|las|los|del|hace|horas?|minutos?|tiempo|lectura|hs|hrs",
    r"pubblicato|aggiornato|aggiornamento|ultimo|il|alle|ore|di|tempo|lettura|minuti|del",
    r"atualizado|atualização|em|às|as|há|leitura|tempo|dia", r"gepubliceerd|bijgewerkt|geüpdatet|om|op|leestijd|laatste|update|uur",
    r"publicerad|uppdaterad|publisert|oppdatert|publiceret|opdateret|kl|klokken|senast|sist", r"opublikowano|aktualizacja|dnia|godz|o|г|в",
    r"опубликовано|обновлено|дата|публикации|время|года?",
)  # fmt: skip
DATE_TOKEN = re.compile(
    rf"(?:{MONTHS}|{_DAYS}|{_DATE_WORDS}|[0-2]?\d(?:st|nd|rd|th|er|º|am|pm|h|h\d\d)?|\d+|\d{{1,4}}[年月日時时分秒])\Z",
    re.IGNORECASE,
)
CJK_DATE = re.compile(r"\d{4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}")

BY = one_of(r"by", r"von", r"par", r"por", r"di", r"da", r"door", r"af", r"av", r"przez", r"oleh", r"text", r"author", r"autore?",
            r"autora", r"auteur", r"written by", r"story by", r"words by", r"posted by", r"reviewed by", r"edited by", r"автор", r"réd(?:igé)? par")  # fmt: skip

SHARE_WORDS = frozenset(
    # networks and devices
    "facebook twitter x whatsapp linkedin pinterest reddit telegram messenger instagram threads bluesky mastodon tumblr "
    "flipboard pocket xing vk line weibo wechat viber email e-mail mail sms print pdf link url copy copied copier copia "
    # verbs and fillers
    "share shares shared sharing it this that article story post page via on to with the by your friends tweet pin like send "
    "save bookmark listen follow more options clipboard comment comments "
    "teilen drucken artikel merken versenden empfehlen auf per senden kopieren anhören diesen vorlesen "
    "partager partagez imprimer envoyer sur par cet ce l'article article copier le lien enregistrer écouter "
    "compartir compartir en comparte imprimir enviar guardar por el la enlace copiar escuchar artículo este esta noticia "
    "condividi condividere stampa stampare salva su invia ascolta questo articolo compartilhar compartilhe salvar imprimir "
    "no pelo em notícia matéria ouvir delen deel dit artikel printen opslaan op dela del skriv ut på udostępnij drukuj "
    "поделиться распечатать 分享 シェア ツイート 공유하기 "
    # counts: shared 560 times
    "times geteilt mal partagé partagée partages fois compartido compartida veces condiviso volte compartilhado vezes gedeeld keer".split()
)
SHARE_STRONG = re.compile(
    r"\b(?:share|shares|teilen|partagez?r?|comparti[rl]?|comparte|condivid[ie](?:re)?|compartilh\w+|delen|deel|dela|udostępnij|"
    r"поделиться|facebook|twitter|whatsapp|e-?mail|print|drucken|imprim[ei]r|linkedin|telegram|tweet)\b|分享|シェア|공유",
    re.IGNORECASE,
)

# A line that opens a box of other articles, or announces one; what follows a colon is their title.
RELATED = one_of(
    r"read (?:also|more|next|this next|on)", r"also read", r"(?:see|watch|listen) also", r"related(?: (?:articles?|stories|story|news|posts?|content|topics?|links?|reading|coverage))?",
    r"more (?:from|on|about|in|stories|news|articles?|coverage|to read)\b.{0,60}", r"(?:most|popular|trending) (?:read|popular|viewed|now|stories|articles)",
    r"recommended(?: (?:for you|stories|articles|reading))?", r"you (?:may|might|'ll|’ll|will) (?:also )?(?:like|love|enjoy|be interested in)", r"up next", r"don[’']t miss",
    r"editor[s’']* ?[s’']? (?:picks?|choice)", r"further reading", r"explore further", r"latest (?:news|stories|articles)", r"top stories", r"keep reading",
    r"lesen sie (?:auch|mehr|dazu)\b.{0,30}", r"lies auch", r"mehr (?:zum thema|themen|dazu|aus|von|lesen|über|zu)\b.{0,60}", r"auch interessant", r"ähnliche(?: (?:artikel|beiträge|themen))?", r"zum thema",
    r"weitere (?:artikel|themen|nachrichten|meldungen|informationen)", r"das könnte (?:sie|dich|ihnen) auch.{0,30}", r"meistgelesen", r"verwandte (?:artikel|themen)", r"weiterlesen", r"siehe auch",
    r"(?:à )?lire (?:aussi|également|la suite|plus)", r"voir aussi", r"à voir aussi", r"(?:articles?|contenus?|sujets?) (?:liés?|similaires?|associés?|recommandés?)", r"sur le même (?:sujet|thème)", r"à ne pas manquer", r"les plus lus", r"dans la même rubrique", r"pour aller plus loin",
    r"lea también", r"lee también", r"leer (?:más|también)", r"te puede interesar", r"le puede interesar", r"(?:también )?te recomendamos", r"más (?:noticias|información|sobre)\b.{0,60}", r"(?:noticias|artículos|notas|contenidos?) relacionad[oa]s?", r"ver también", r"lo más (?:leído|visto)", r"mira también", r"no te pierdas",
    r"leggi (?:anche|tutto)", r"potrebbe interessarti(?: anche)?", r"(?:articoli|notizie) correlat[ie]", r"vedi anche", r"ti potrebbe interessare", r"i più letti",
    r"leia (?:também|mais)", r"veja (?:também|mais)", r"(?:notícias|artigos|matérias|conteúdos?) relacionad[oa]s?", r"mais (?:lidas|notícias)", r"saiba mais",
    r"lees (?:ook|meer|verder)", r"meer (?:over|nieuws|lezen)\b.{0,60}", r"gerelateerd(?:e (?:artikelen|berichten))?", r"bekijk ook",
    r"läs (?:också|även|mer)", r"les (?:også|mer)", r"læs (?:også|mere)", r"lue myös", r"czytaj (?:też|także|również|więcej)", r"zobacz (?:też|także|również)", r"čtěte (?:také|více)", r"přečtěte si také",
    r"читайте (?:также|ещё|еще)", r"читайте також", r"по теме", r"смотрите также", r"baca juga", r"đọc thêm", r"ayrıca oku\w*", r"اقرأ (?:أيضا|أيضاً|المزيد)",
    r"関連(?:記事|ニュース|リンク|キーワード)?", r"あわせて読みたい", r"おすすめ(?:情報|記事)?", r"相关(?:阅读|新闻|文章|报道)", r"推荐阅读", r"관련 ?(?:기사|뉴스)", r"주요 ?뉴스",
)  # fmt: skip

COMMENTS = one_of(
    r"\d* ?comments?(?: \(?\d+\)?)?", r"leave a (?:reply|comment).{0,40}", r"(?:post|add|write) a comment", r"join the (?:conversation|discussion).{0,30}", r"(?:view|show|read|see|load)(?: all)?(?: the)? ?\d* comments?.{0,20}",
    r"be the first to comment.{0,20}", r"comments (?:are|is) (?:now )?closed.{0,40}", r"(?:you must be )?log(?:ged)? in to (?:post|leave|add) a (?:comment|reply).{0,20}", r"would you like to comment on this article\?", r"what do you think\?.{0,80}", r"no comments(?: yet)?",
    r"\d* ?kommentare?(?: \(?\d+\)?)?", r"(?:schreiben sie|schreibe|verfassen sie) (?:einen|den ersten) kommentar.{0,20}", r"kommentar (?:schreiben|abgeben|verfassen|hinterlassen)", r"kommentare (?:lesen|anzeigen|zum artikel)", r"du musst (?:dich )?(?:einloggen|angemeldet).{0,60}kommentar.{0,20}", r"jetzt (?:mitdiskutieren|kommentieren).{0,20}", r"diskutieren sie mit.{0,30}",
    r"\d* ?commentaires?(?: \(?\d+\)?)?", r"laiss(?:er|ez) un commentaire", r"(?:réagir|réagissez)(?: à cet article)?", r"ajouter un commentaire", r"voir les commentaires", r"poster un commentaire", r"soyez le premier à (?:commenter|réagir).{0,20}",
    r"\d* ?comentarios?(?: \(?\d+\)?)?", r"(?:deja|escribe|añade|dejar|deje|escriba) un comentario.{0,30}", r"(?:ver|leer|mostrar) (?:los )?comentarios", r"comentar",
    r"\d* ?commenti(?: \(?\d+\)?)?", r"(?:lascia|scrivi|aggiungi) un commento", r"\d* ?comentários?(?: \(?\d+\)?)?", r"(?:deixe|faça) (?:um|seu) comentário", r"\d* ?reacties?(?: \(?\d+\)?)?", r"(?:plaats|geef) een reactie", r"reageer",
    r"\d* ?kommentar(?:er|ar)?(?: \(?\d+\)?)?", r"komentarze?(?: \(?\d+\)?)?", r"dodaj komentarz", r"комментарии(?: \(?\d+\)?)?", r"оставить комментарий", r"\d* ?komentar", r"コメント(?:する|欄)?", r"评论|發表評論|发表评论", r"댓글.{0,10}",
)  # fmt: skip

# Sentences that ask for an address, a subscription or a follower; both halves must be on the line.
ASK = re.compile(
    r"\b(?:sign(?:ing)? up|subscribe|get (?:the|our|all|your|more)|receive|join|register|follow|delivered|newsletters?|download our app|don[’']t miss|"
    r"abonnieren|abonnier\w*|melden sie sich|anmelden|folge[nt]?|folgst|erhalten sie|"
    r"inscrivez|abonnez|recevez|suivez|retrouvez|s[’']abonner|suscríbe\w*|suscrib\w+|regístrate|recib[ea]|síguenos|sigue|apúntate|"
    r"iscriviti|abbonati|ricevi|seguici|segui|assine|inscreva-se|receba|siga|cadastre-se|meld je aan|schrijf je in|ontvang|volg|"
    r"prenumerera|abonner|følg|följ|zapisz się|obserwuj|подпи[сш]\w+)",
    re.IGNORECASE,
)
ASK_OF_WHAT = re.compile(
    r"\b(?:newsletters?|inbox|e-?mails?|updates|alerts?|channel|kanal|youtube|facebook|twitter|instagram|whatsapp|telegram|tiktok|linkedin|podcast|google news|"
    r"boîte (?:mail|de réception)|infolettre|lettre d[’']information|correo|boletín|bandeja|canal(?:e)?|posta|nieuwsbrief|nyhetsbrev|biuletyn|рассылк\w+|канал\w*|postfach|"
    r"abo|abonnement|push)\b|@\w",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(r"(?:©|ⓒ|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i diritti|todos os direitos|無断転載|版权所有)", re.IGNORECASE)  # fmt: skip
# Who made a picture: at a line's start, or anywhere the name of an agency as captions write it.
CREDIT = re.compile(
    r"^\W*(?:photos?|images?|pictures?|fotos?|bild|imagen|crédit|credit|getty|source|quelle|fuente|fonte)\b\W|©|"
    r"getty images|\((?:photo|foto|image|bild|ap photo|reuters|afp|dpa)\b|/(?:afp|ap|reuters|dpa|getty)\b|\bimago\b|photograph(?:er|ed by)?:",
    re.IGNORECASE,
)
LABELS = compile_line(
    r"advertise?ment", r"anzeige", r"werbung", r"publicité", r"publicidade?", r"pubblicità", r"advertentie", r"annons", r"annonse", r"reklama?", r"реклама", r"広告",
    r"(?:tags?|topics?|keywords|filed under|in this (?:article|story)|schlagw(?:ö|o)rte?r?|themen|mots[- ]clés|étiquettes|etiquetas|temas|argomenti|tagi|теги)\s*(?::.{0,300})?",
    r"(?:headline|article|artikel|článek|story|text|photo|image|video)", r"\d{1,5}", r"close|menu|back|home", r"(?:listen|listen to this article|audio)",
    r"table of contents?", r"inhaltsverzeichnis", r"sommaire", r"loading\W*", r"skip to (?:main )?content",
    r"fehler gefunden\?.{0,60}", r"(?:report|found|spotted) (?:a|an) (?:typo|error|mistake|correction).{0,60}", r"(?:signaler|signalez) une (?:erreur|faute).{0,40}",
    r"(?:wie hat ihnen|hat ihnen) dieser artikel gefallen\?", r"(?:was|did you find) this (?:article|page) (?:helpful|useful)\?.{0,20}", r"(?:\d|five|\W)* ?min(?:utes?)?\.? read", r"geschätzte lesedauer.{0,30}",
    r"(?:estimated )?(?:reading|read) time\W*(?:\d+.{0,12})?", r"lesezeit\W*\d+.{0,12}", r"(?:temps de )?lecture\W*\d+.{0,12}",
    r"(?:image|photo|picture|foto|bild|crédit photo|credit|image credit|photo credit)s?\s*:.{1,80}", r"view (?:the )?(?:author page|profile|all posts).{0,40}",
    r"(?:source|quelle|fuente|fonte|bron|źródło|источник)n?s?\s*:.{1,40}",
)  # fmt: skip
