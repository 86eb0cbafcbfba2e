"""A text without what is no news in it: how its type is set, and what moves on a page by itself.

**Set**: white space, normal forms, kinds of quotes, dashes and bullets, invisible characters. **Moving**: counts of shares,
comments and views; stamps such as `Updated 3 March 2026`; today's date; times told from now (`3 hours ago`). What moves is
told by its own form, never by who prints it: a count is a short piece of nothing but the words that stand beside counts;
a date is today's if it was so both times; a time told from now is one if it grew by as much as the clock did. So `killed five`
→ `killed seven` within a sentence stays a change, and so does `sold 500 shares` → `sold 600 shares`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from newsdesk.extract import phrases
from newsdesk.extract.moments import dates_in
from newsdesk.languages import UNSPACED

_QUOTES, _DASHES = "\"'`´‘’‚‛“”„‟«»‹›′″‵‶「」『』〝〞〟ʼ", "-‐‑‒–—―−⁃﹘﹣－"
_SIGNS = str.maketrans(dict.fromkeys(_QUOTES, "'") | dict.fromkeys(_DASHES, "-"))
_FORMAT = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_BULLET = re.compile(r"^\s*[-•·‣▪◦*]\s+")
_SPACING_ACUTE = str.maketrans("´", "'")  # NFKC would make it a space and a mark
_RUNS = re.compile(r"'+|-+")
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_]+|[^\w\s]|_")
_SEGMENTS = re.compile(r"(?<=[^\d\s][.!?])\s+(?=\S)|(?<=[。！？])|\s?[·•|¦\n\r\u2028\u2029]+\s?")
_PIECE = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*")

MOST_BLOCKS, MOST_CHARS = 2_000, 200_000
MOST_WORDS = 12  # a longer piece is prose
MOST_OTHERS = 3  # words that may stand beside today's date: places, the name of the paper
_LONGEST_FIGURE = 20  # characters
MOST_COUNTS = 2  # bare numbers that a text may have as blocks of their own; more are a table
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=13)

_COUNTED = frozenset(
    # what is counted, who counts, how often
    "view views viewed read reads reader readers like likes liked comment comments reply replies reaction reactions share shares "
    "shared retweet retweets repost reposts people person persons user users times time so far "
    "aufruf aufrufe abrufe leser lesern kommentar kommentare kommentaren reaktion reaktionen mal gelesen geteilt gefällt personen "
    "vue vues lecture lectures lecteurs commentaire commentaires réaction réactions partage partages partagé fois personnes "
    "visita visitas vistas veces lecturas lectores comentario comentarios reacción reacciones compartido compartida compartidos personas me gusta "
    "visualizzazioni letture lettori commento commenti condivisioni condiviso volte reazioni persone mi piace "
    "visualizações leituras leitores comentário comentários compartilhamentos partilhas curtidas vezes pessoas reações "
    "weergaven reacties reactie keer gelezen gedeeld lezers visningar visninger kommentarer delningar delinger gillningar gånger ganger "
    "wyświetlenia wyświetleń odsłon komentarz komentarze komentarzy udostępnień razy zobrazení komentářů sdílení "
    "просмотр просмотра просмотров комментарий комментария комментариев поделились раз репостов переглядів коментарів "
    "görüntülenme yorum okunma paylaşım kez megtekintés hozzászólás megosztás dibaca kali komentar dilihat lượt xem bình luận "
    "مشاهدة مشاهدات تعليق تعليقات مشاركة مشاركات قراءة مرة بازدید نظر צפיות תגובות "
    "阅读 閱讀 次阅读 次 浏览 瀏覽 点击 评论 評論 条评论 分享 转发 点赞 阅读量 人气 回 閲覧 コメント シェア 件 조회 조회수 댓글 공감 공유 회 개".split()
)
_TIMES_OF = frozenset("k m mio mln mil mille tsd tys rb jt тыс млн 万 萬 千 만 천".split())
_COUNT = re.compile(r"\d[\d.,\s]*(?:[km]|tsd|mio|тыс|万|千)?\Z", re.IGNORECASE)
_FILLERS = frozenset(
    "the this that a by of to have has been and n so far article story post : von und diesen artikel".split()
)
# the words that say that what follows is the page's own stamp, or the time that it takes to read
_STAMP = re.compile(
    r"(?:updated?|modified|edited|published|posted|revised|aktualisier(?:t|ung)|veröffentlicht|erschienen|stand|bearbeitet|geändert|mise?|publiée?|"
    r"modifiée?|actualizad[oa]|actualización|publicad[oa]|atualizad[oa]|atualização|aggiorna(?:to|mento)|pubblicato|bijgewerkt|gepubliceerd|uppdaterad|"
    r"publicerad|oppdatert|publisert|opdateret|publiceret|aktualizacja|opublikowano|aktualizováno|обновлено|опубликовано|изменено|оновлено|опубліковано|"
    r"güncellen?(?:me|di)|yayınlan(?:ma|dı)|frissítve|diperbarui|cập|nhật|تحديث|نشر|به‌روزرسانی|עודכן|更新|更新日|发布|發布|发布于|配信|公開|최종수정|수정|입력|업데이트|"
    r"read(?:ing)?|lesezeit|lesedauer|lecture|lectura|lettura|leitura|leestijd|lästid|lesetid|læsetid)\Z",
    re.IGNORECASE,
)
_AGO_UNITS = {
    60: r"min(?:ut\w{0,3})?s?|мин\w{0,3}|хвил\w{0,3}|dakika|perc\w{0,2}|menit|phút|دقيقة|دقائق|دقیقه|דקות|分钟|分鐘|分|분|मिनट|นาที|λεπτ\w{1,2}",
    3600: r"h(?:r|rs|ours?)?|std|stunden?|heures?|horas?|or[ae]|uur|uren|tim(?:m[ae]r?|er?)|godz\w{0,3}|hodin\w{0,3}|час\w{0,2}|годин\w?|ч|saat|tuntia?|óra|órá\w{0,2}|"
    r"jam|giờ|ساعة|ساعات|ساعت|שעות|שעה|小时|小時|時間|시간|घंटे|ชั่วโมง|ώρ\w{1,2}|ore",
    86_400: r"d(?:ays?)?|tag(?:en?)?|jours?|días?|dias?|giorn[io]|dag(?:en|ar|er)?|dni|dny|dnem|день|дня|дней|днів|дні|gün|päivää?|nap\w{0,3}|hari|ngày|"
    r"يوم|أيام|ايام|روز|ימים|天|日|일|दिन|วัน|ημέρ\w{1,2}|zile",
    604_800: r"w(?:ks?|eeks?)?|wochen?|semaines?|semanas?|settiman[ae]|we(?:e?k|ken)|veck(?:a|or)|uker?|uger?|tygodni\w?|týdn\w{1,2}|недел\w{1,2}|тиж\w{2,4}|hafta|viikkoa?|minggu|tuần|"
    r"أسبوع|أسابيع|هفته|שבועות|周|週間|주|सप्ताह|สัปดาห์",
}  # fmt: skip
_NUMBER = r"\d{1,3}|an?|one|einer?|einem|une?|una|um|uma|een|ett?|en"
_BEFORE = r"vor|il y a|hace|há|fa|před|pred|prije|prieš|acum|πριν|منذ|قبل|לפני|преди|cách đây"
_AFTER = r"ago|geleden|fa|atrás|sedan|siden|назад|тому|temu|önce|sitten|yang lalu|lalu|trước|پیش|قبل|之前|以前|前|전|पहले|ที่แล้ว"
_AGO = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_BEFORE})\s*)?(?P<n>{_NUMBER})\s*(?:"
    + "|".join(f"(?P<u{seconds}>{stems})" for seconds, stems in _AGO_UNITS.items())
    + rf")\.?\s*(?:(?P<after>{_AFTER})(?!\w))?(?![^\W\d_\u3000-\u9fff\uac00-\ud7a3])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ago:
    """A time told from the moment of reading."""

    seconds: int
    unit: int  # seconds


@dataclass(frozen=True, slots=True)
class Dated:
    """A short piece with a date. `others`: what it says beside the date."""

    words: tuple[str, ...]
    others: tuple[str, ...]
    zones: tuple[timedelta, timedelta]  # offsets from UTC of the zones in which the date was today


Token = str | Ago | Dated


def set_plainly(text: str) -> str:
    """The text in one way of setting type: one kind of quote, dash and space, nothing invisible."""
    if text.isascii():
        if text.isalnum():  # most words
            return text
    else:
        text = unicodedata.normalize("NFKC", _FORMAT.sub("", text.translate(_SPACING_ACUTE)))
    return " ".join(_RUNS.sub(lambda run: run[0][0], text.translate(_SIGNS)).split())


def spelled(text: str | None) -> list[str]:
    """Words and signs of a text in order, however its type is set."""
    return _TOKEN.findall(set_plainly(text or ""))


def tokens(blocks: Sequence[str], seen_at: datetime, text: str) -> list[Token]:
    """What these blocks (lines) of a text say, in order, without counts and stamps. `seen_at`: when it was read, aware.

    Of more than MOST_BLOCKS or MOST_CHARS, no piece is looked at: a page whose text differs by so much is another.
    """
    if len(blocks) > MOST_BLOCKS or sum(map(len, blocks)) > MOST_CHARS:
        return [*spelled("\n".join(blocks))]
    bare = has_bare_counts(text)
    return [token for block in blocks for token in block_tokens(block, seen_at, bare_counts=bare)]


def block_tokens(block: str, seen_at: datetime, *, bare_counts: bool) -> list[Token]:
    """Those of one block. `bare_counts`: a figure of its own is a count."""
    if bare_counts and _is_figure(block):
        return []
    return [token for piece in _SEGMENTS.split(_BULLET.sub("", block)) if piece for token in _piece(piece, seen_at)]


def has_bare_counts(text: str) -> bool:
    """Figures that are blocks of their own are counts, since they are few; many are a table."""
    return sum(map(_is_figure, text.splitlines())) <= MOST_COUNTS


def same(before: Sequence[Token], after: Sequence[Token], elapsed: timedelta) -> bool:
    """They say the same, given that so much time lies between the readings."""
    return len(before) == len(after) and all(_same(old, new, elapsed) for old, new in zip(before, after, strict=True))


def words_of(found: Sequence[Token]) -> Iterator[str]:
    """The words among tokens, without signs and what moves."""
    for token in found:
        for word in token.words if isinstance(token, Dated) else (token,):
            if isinstance(word, str) and any(map(str.isalnum, word)):
                yield word


def _same(old: Token, new: Token, elapsed: timedelta) -> bool:
    if isinstance(old, Ago) and isinstance(new, Ago):
        grown = new.seconds - old.seconds
        return grown == 0 or abs(grown - elapsed.total_seconds()) <= max(old.unit, new.unit)
    if isinstance(old, Dated) and isinstance(new, Dated):
        return old.words == new.words or (old.others == new.others and _both_today(old, new))
    return old == new


def _piece(piece: str, seen_at: datetime) -> list[Token]:
    words = _PIECE.findall(set_plainly(piece)) if len(piece) < 40 * MOST_WORDS else []
    if words and len(words) <= MOST_WORDS:
        if _is_count(words):
            return []
        told_from_now = next(_agos(piece), None) is not None
        beside = _PIECE.findall(_without_agos(piece)) if told_from_now else words
        others = tuple(word for word in beside if not _is_date_word(word))
        if not others and (told_from_now or _is_stamp(words)):
            return []
        if len(others) <= MOST_OTHERS and not any(word.islower() for word in others) and (days := _days(piece)):
            return [Dated(tuple(spelled(piece)), others, _zones(days[0], seen_at))]
    return list(_with_agos(piece))


def _with_agos(piece: str) -> Iterator[Token]:
    at = 0
    for found in _agos(piece):
        yield from spelled(piece[at : found.start()])
        seconds = next(int(name[1:]) for name, text in found.groupdict().items() if name[0] == "u" and text)
        number = found["n"]
        yield Ago((int(number) if number.isdecimal() else 1) * seconds, seconds)
        at = found.end()
    yield from spelled(piece[at:])


def _agos(piece: str) -> Iterator[re.Match[str]]:
    return (found for found in _AGO.finditer(piece) if found["before"] or found["after"])


def _without_agos(piece: str) -> str:
    for found in reversed(list(_agos(piece))):
        piece = f"{piece[: found.start()]} {piece[found.end() :]}"
    return piece


def _is_count(words: Sequence[str]) -> bool:
    """Nothing but figures and the words that stand beside counts and share buttons."""
    folded = [word.lower() for word in words]
    figures = [word for word in folded if word[0].isdigit()]
    names = [word for word in folded if not word[0].isdigit() and word not in _TIMES_OF]
    if not names or not all(word in _COUNTED or word in phrases.SHARE_WORDS or word in _FILLERS for word in names):
        return False
    if figures:
        return any(word in _COUNTED for word in names)
    return phrases.SHARE_STRONG.search(" ".join(names)) is not None and not any(word in _FILLERS for word in names)


def _is_figure(block: str) -> bool:
    return len(block) < _LONGEST_FIGURE and _COUNT.match(set_plainly(block)) is not None


def _is_date_word(word: str) -> bool:
    return (
        word[0].isdigit() or phrases.DATE_TOKEN.match(word) is not None or _STAMP.match(word) is not None
        or word.lower() in ("today", "heute", "aujourd'hui", "hoy", "oggi", "hoje", "is", "ist", "est", "es")
    )  # fmt: skip


def _is_stamp(words: Sequence[str]) -> bool:
    return any(word[0].isdigit() for word in words) and any(_STAMP.match(word) for word in words)


def _days(piece: str) -> list[date]:
    return [at.date() for _, _, at, _ in dates_in(piece)]


def _zones(day: date, seen_at: datetime) -> tuple[timedelta, timedelta]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight - seen_at, midnight + timedelta(days=1) - seen_at


def _both_today(old: Dated, new: Dated) -> bool:
    """In some zone on Earth each date was today when it was read."""
    west, east = max(old.zones[0], new.zones[0], _WEST), min(old.zones[1], new.zones[1], _EAST)
    return west < east
