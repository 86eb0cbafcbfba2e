"""How pages that stand in an article's place word themselves: bot checks, walls, consent, empty shells, lost pages.

By language; each entry is a regular expression. The first four lists are for text in lower case. Only wordings that sites share are here, none
belongs to one publisher. They say what a page *may* be: `verdict` also asks how little else stands on it, since an
article on bot checks uses the same words.
"""

from __future__ import annotations

import re

from newsdesk.extract.phrases import one_of


def _notice(*alternatives: str) -> re.Pattern[str]:
    """For text in lower case. A match never begins within a Latin word: nine times as fast as trying each place without case."""
    return re.compile(rf"(?<![a-z]){one_of(*alternatives)}")


CHALLENGE = _notice(
    r"just a moment\b", r"checking (?:your browser|if the site connection is secure)", r"verify(?:ing)? (?:that )?you are (?:a )?human", r"are you (?:a )?(?:robot|human)\b",
    r"attention required!", r"pardon our interruption", r"please (?:complete|solve) the (?:security check|captcha)", r"unusual (?:traffic|activity) from your", r"press (?:and|&) hold",
    r"ddos protection by", r"access (?:to this page has been )?denied", r"you have been blocked", r"i[’']m not a robot", r"bot (?:check|detection|protection)", r"security check(?:point)?\b",
    r"(?:kein|bist du ein|sind sie ein) (?:roboter|mensch)", r"sicherheitsüberprüfung", r"(?:vous êtes|êtes-vous) (?:un |bien )?(?:humain|un robot|un humain)", r"vérification de (?:votre navigateur|sécurité)",
    r"(?:verifi\w+|comprob\w+) que (?:usted )?(?:no )?(?:es|eres|sea) (?:un )?(?:humano|robot)", r"no soy un robot", r"non sono un robot", r"não (?:é|sou) um robô", r"ik ben geen robot", r"проверка браузера", r"я не робот",
    r"verifying your (?:browser|connection)", r"confirm (?:that )?you(?:[’']re| are) (?:not a (?:robot|bot)|(?:a )?human)", r"enable (?:javascript and )?cookies to continue", r"human verification", r"one more step\b.{0,60}(?:captcha|security)",
    r"überprüf\w+,? (?:ob|dass) sie (?:kein|ein) (?:roboter|bot|mensch)", r"ihr browser wird (?:geprüft|überprüft)", r"zugriff (?:verweigert|gesperrt)", r"je ne suis pas un robot", r"accès (?:refusé|bloqué)", r"acceso (?:denegado|bloqueado)", r"comprobando (?:su|tu) navegador",
    r"verifica(?:ndo|re)? (?:che )?(?:tu )?(?:sia|sei) umano", r"controllo del browser", r"accesso negato", r"verifi\w+ (?:se|que) você é humano", r"acesso negado", r"(?:bevestig|controleer)\w* (?:dat|of) (?:u|je) (?:een|geen) (?:mens|robot)", r"toegang geweigerd", r"nie jestem robotem", r"sprawdz\w+ (?:przeglądark\w+|czy jesteś człowiekiem)", r"odmowa dostępu",
    r"jag är inte en robot", r"jeg er ikke en robot", r"nejsem robot", r"(?:подтвердите|убедиться), что вы (?:не робот|человек)", r"доступ (?:запрещ[её]н|ограничен)", r"я не робот", r"ben robot değilim", r"私はロボットではありません", r"人机验证", r"安全验证", r"로봇이 아닙니다",
)  # fmt: skip
NEEDS_JS = _notice(
    r"(?:enable|activate|turn on|requires?|needs?|without|allow) javascript", r"javascript (?:is|must be|has to be|needs to be) (?:required|disabled|enabled|turned)", r"javascript (?:aktivieren|ist deaktiviert|einschalten|benötigt)", r"aktivieren sie (?:bitte )?javascript",
    r"(?:activer|activez|nécessite) (?:le )?javascript", r"(?:activ\w+|habilit\w+|requiere|necesita) (?:el )?javascript", r"(?:attiva\w*|abilita\w*|richiede) javascript", r"(?:ative|habilite|requer) (?:o )?javascript", r"schakel javascript in", r"включите javascript",
    r"(?:doesn[’']t|does not|won[’']t|will not) work (?:properly )?without javascript", r"javascript (?:ist erforderlich|muss aktiviert)", r"javascript (?:est désactivé|doit être activé|est requis|est nécessaire)", r"javascript (?:está desactivado|está deshabilitado)", r"javascript (?:è disabilitato|è disattivato)", r"javascript (?:está desativado|desabilitado)",
    r"javascript (?:uitgeschakeld|inschakelen|staat uit)", r"(?:włącz|wymaga) (?:obsług[ęi] )?javascript", r"javascript (?:jest )?wyłączon\w+", r"(?:aktivera|slå på|aktiver|slå) javascript", r"(?:zapněte|povolte|vyžaduje) (?:si )?javascript", r"(?:включите|требуется|необходим) (?:поддержку )?javascript", r"увімкніть javascript", r"javascript[’']?[iı]? (?:etkinleştir\w*|açın)", r"javascript\s?を(?:有効|オン)", r"(?:启用|開啟|开启|啟用)\s?javascript", r"자바스크립트를|javascript를",
)  # fmt: skip
WALL = _notice(
    r"(?:subscribe|sign in|log in|register|sign up)(?: now)? to (?:continue|keep|read|unlock|access|view)", r"to (?:continue|keep) reading", r"(?:already|not yet) a (?:subscriber|member)", r"(?:this|the) (?:article|story|content|page) is (?:for|only|available|reserved|exclusive)\b.{0,30}(?:subscribers?|members?)",
    r"subscriber[- ]only", r"for subscribers only", r"exclusive (?:to|for) (?:our )?(?:subscribers|members)", r"you(?:[’']ve| have) (?:reached|read|used) (?:your|all).{0,30}(?:limit|free articles?)", r"unlock (?:this|the) (?:article|story)", r"create (?:a free|an) account to",
    r"jetzt (?:weiterlesen|freischalten|abonnieren)", r"weiterlesen mit", r"(?:diesen artikel (?:weiterlesen|freischalten|lesen sie mit|jetzt lesen)|um weiterzulesen|zum weiterlesen)", r"nur für (?:abonnent\w*|mitglieder)", r"(?:bereits|schon) (?:abonnent\w*|abonniert)", r"(?:bereits|schon) (?:registriert|kunde|kundin|mitglied)\?", r"exklusiv für (?:abonnent\w*|unsere)",
    r"réservée? (?:à nos |aux )abonnés", r"déjà abonnée?", r"abonnez-vous pour", r"pour (?:lire la suite|continuer (?:votre|la) lecture)", r"il vous reste .{1,12} (?:de cet article )?à lire", r"la suite de cet article",
    r"(?:solo|exclusiv[oa]s?|contenido) (?:para|de) (?:nuestros )?suscriptores", r"suscríbete para (?:seguir|continuar|leer)", r"para (?:seguir|continuar) leyendo", r"¿?ya eres suscriptor", r"riservat[oi] (?:agli|ai) abbonati", r"per continuare a leggere", r"sei già abbonato",
    r"(?:exclusivo|conteúdo) para assinantes", r"para continuar (?:a ler|lendo)", r"já é assinante", r"alleen voor abonnees", r"verder lezen\?", r"al abonnee", r"för prenumeranter", r"for abonnenter", r"dla subskrybentów", r"только для подписчиков", r"この記事は会員限定", r"会員限定",
    r"(?:your|the) (?:free )?(?:trial|article limit)", r"(?:become|be) a (?:subscriber|member) to (?:read|continue|unlock)", r"(?:please )?(?:log|sign) in to (?:your account|read|view|see)", r"reste (?:de cet|à lire)|contenu réservé", r"connectez-vous pour (?:lire|continuer|accéder)", r"(?:mit|im) .{0,20}abo weiterlesen", r"um den (?:ganzen|vollständigen) (?:artikel|text) zu lesen", r"(?:anmelden|einloggen),? um (?:weiterzulesen|fortzufahren)",
    r"inicia sesión para (?:seguir|continuar|leer)", r"(?:regístrate|suscríbase) (?:gratis )?para (?:seguir|continuar|leer)", r"abbonati per (?:continuare|leggere)", r"(?:accedi|registrati) per (?:continuare|leggere)", r"(?:assine|cadastre-se|faça login) para (?:continuar|ler)", r"(?:log in|word abonnee|neem een abonnement) om (?:verder te lezen|dit artikel)",
    r"(?:logga in|bli prenumerant) för att (?:läsa|fortsätta)", r"(?:logg inn|bli abonnent) for å (?:lese|fortsette)", r"(?:log ind|bliv abonnent) for at (?:læse|fortsætte)", r"artik(?:keln|kelen|len) är låst", r"tilaajille|vain tilaajille", r"(?:zaloguj|zarejestruj) się,? (?:aby|żeby) (?:czytać|przeczytać|kontynuować)", r"dostęp(?:ny)? (?:tylko )?dla (?:prenumeratorów|subskrybentów)", r"(?:pouze )?pro předplatitele",
    r"(?:войдите|оформите подписку|подпишитесь),? чтобы (?:читать|продолжить|прочитать)", r"доступ(?:но|ен) (?:только )?(?:по подписке|подписчикам)", r"тільки для передплатників", r"(?:devamını )?okumak için (?:giriş yapın|abone olun)", r"続きを読むには", r"有料会員", r"登录后(?:阅读|查看)", r"구독(?:하고|자 전용)", r"للمشتركين فقط",
)  # fmt: skip
CONSENT = _notice(
    r"we (?:value|care about|respect) your privacy", r"(?:accept|allow|reject) (?:all )?cookies", r"before you continue", r"our partners (?:store|process)", r"mit werbung (?:weiterlesen|lesen)", r"zustimmen und weiter", r"(?:allen|alle) (?:cookies )?(?:zustimmen|akzeptieren)", r"werbefrei lesen",
    r"(?:tout accepter|accepter et (?:continuer|fermer)|continuer sans accepter)", r"nous et nos \d* ?partenaires", r"aceptar (?:y continuar|todas|cookies)", r"accetta (?:e continua|tutti|i cookie)", r"aceitar (?:e continuar|todos|cookies)", r"alles accepteren|akkoord en doorgaan",
    r"(?:use|uses) cookies.{0,200}(?:accept|agree|consent)", r"manage (?:your )?(?:consent|privacy|cookie) (?:preferences|choices|settings)", r"your (?:privacy|cookie) (?:choices|settings|preferences)", r"wir (?:und unsere \d* ?partner )?verwenden cookies", r"(?:ihre|deine) (?:zustimmung|einwilligung)", r"(?:vos|votre) (?:choix|consentement).{0,40}cookies", r"(?:nosotros y nuestros|noi e i nostri|nós e (?:os )?nossos|wij en onze) \d* ?(?:socios|partner|parceiros|partners)",
    r"utilizamos cookies", r"utilizziamo (?:i )?cookie", r"(?:vi|vi och våra partners) (?:använder|bruker|bruger) (?:cookies|informasjonskapsler)", r"godkänn alla|godta alle|accepter alle|hyväksy kaikki", r"akceptuję|zaakceptuj wszystkie|przejdź do serwisu", r"(?:přijmout|souhlasím se) (?:vše|všemi)", r"принять все|мы используем (?:файлы )?cookie", r"tümünü kabul et", r"クッキーを(?:使用|受け入れ)|cookieの使用に同意",
)  # fmt: skip
# Of a page's title or headline as a whole, with at most the site's name beside it.
_LOST_WORDS = one_of(
    r"(?:(?:http |status |error|fehler|erreur|errore?|erro|fout|błąd|ошибка|chyba|fel|feil|fejl)\W{0,3}){0,2}4(?:04|10)(?:\W{0,3}(?:error|fehler|erreur|gone|oops|sorry))?", r"4(?:04|10)\W{1,3}(?:page |file |seite |página |pagina |strona )?(?:not found|nicht gefunden|non trové|introuvable|no encontrad[oa]|não encontrad[oa]|non trovat[oa]|niet gevonden|nie znaleziono)",
    r"(?:(?:the|this|that|your|requested|sorry|oops|whoops)\W+)*(?:page|article|story|post|content|file|document|url|resource|item)s? (?:was |is|has |could|can|does|you.{0,40} )*\s?(?:not|n[’']t|no longer) (?:be )?(?:found|exist|available|there)s?.{0,40}",
    r"(?:page|article|story|content) (?:not found|removed|unavailable|missing|expired|has (?:been removed|moved|expired)|(?:does not|doesn[’']t) exist)", r"nothing (?:was )?found", r"not found", r"(?:page|content) (?:no longer|not) available", r"we can[’']?(?:no)?t find (?:that|the|this) (?:page|article|story).{0,40}",
    r"(?:die |diese |der |dieser )?(?:seite|artikel|inhalt|beitrag|dokument)(?: wurde| konnte| ist| existiert)*(?: leider)? nicht (?:gefunden|verfügbar|vorhanden|mehr verfügbar)(?: werden)?.{0,20}", r"seite existiert nicht.{0,20}", r"nicht gefunden",
    r"(?:la |cette |l[’'])?(?:page|article|contenu|document)(?: demandée?)?(?: est| n[’']a pas été| n[’']existe)*(?: introuvable| non trouvée?| pas| plus disponible| trouvée?)+.{0,20}", r"page introuvable", r"contenu introuvable",
    r"(?:lo sentimos\W+)?(?:la |esta |el |este )?(?:página|artículo|contenido|noticia|nota)(?: solicitad[oa])?(?: que .{0,20})?(?: no (?:se )?(?:ha sido |fue |ha |pudo )?(?:encontrad[oa]|encontró|encuentra|existe|disponible|está disponible|ser encontrad[oa]))(?: disponible)?.{0,20}", r"(?:pagina|articolo|contenuto) non (?:è stat[oa] )?(?:trovat[oa]|disponibile|esiste|più disponibile)", r"(?:a )?(?:página|notícia|matéria|conteúdo) (?:não (?:foi )?(?:encontrad[oa]|existe|disponível|está disponível))",
    r"(?:de )?(?:pagina|artikel)(?: is| werd| kan)? niet (?:gevonden|beschikbaar|bestaat)(?: worden)?", r"(?:sidan|artikeln|sidan du söker) (?:kunde inte|finns inte|hittades inte|hittas inte).{0,20}", r"(?:siden|artikkelen|artiklen|siden du leter etter)(?: ble| blev| kunne| kan| finnes| findes| eksisterer)* ikke.{0,20}", r"sivua ei (?:löyt?[dy]\w+|ole).{0,10}", r"(?:strona|artykuł)(?: nie (?:została |został )?(?:znalezion[ay]|istnieje)).{0,10}", r"nie znaleziono(?: strony)?", r"(?:stránka|článek) (?:nebyla |nebyl |ne)(?:nalezen[aá]?|existuje)", r"az oldal nem található", r"pagina nu (?:a fost găsită|există)",
    r"(?:страница|статья|материал)(?: не найден[ао]?| не существует| удал[её]н[ао]?)", r"(?:сторінк[ау]|статт[яю]) не (?:знайдено|існує)", r"sayfa bulunamadı", r"(?:ページ|記事|お探しのページ)(?:は|が)?(?:見つかりません|存在しません).{0,10}", r"(?:页面|文章|頁面|网页|您访问的页面)(?:不存在|未找到|找不到|已删除|已被删除)", r"(?:페이지를|기사를) 찾을 수 없습니다", r"(?:الصفحة|المقال) (?:غير موجودة?|غير متوفرة?)", r"halaman tidak ditemukan", r"không tìm thấy trang",
)  # fmt: skip
_SITE_BESIDE = r"(?:\s*[|–—:·•»«/-]+\s*.{1,60})?"
LOST = re.compile(rf"\W*(?:.{{1,40}}\s[|–—:·•»-]+\s*)?{_LOST_WORDS}\W*{_SITE_BESIDE}\s*\Z", re.IGNORECASE)
# Of a page's title or address: a report that is written while things happen.
LIVE = re.compile(
    rf"\b{one_of(r'live(?:[- ]?(?:ticker|blog|updates?|coverage|reporting|stream))?', r'(?:news)?ticker', r'en[- ](?:direct|directo|vivo)', r'minuto a minuto', r'ao vivo', r'(?:la )?diretta', r'na żywo', r'onl[ai]jn|online-reportáž', r'liverapport|direkterapport|direkte', r'прямая трансляция|онлайн-трансляция', r'canlı (?:anlatım|blog|yayın)', r'as it happened')}\b|速報|直播|문자중계",
    re.IGNORECASE,
)
