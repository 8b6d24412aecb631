"""Which characters the bytes of a text file mean, line by line, without reading it into memory.

UTF-8 proves itself: bytes that decode are UTF-8. A single-byte encoding never fails, so it is chosen by what the text looks
like under it: letters that its languages use, inside words, against signs that no text holds.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_LANGUAGES = {
    "cp1252": (
        "äöåé",
        "äöüßé",
        "éèêëàâçùûüîïôœ",
        "áéíóúñü",
        "áâãàçéêíóôõúü",
        "àèéìíòóù",
        "æøåéöü",
        "éëïèöüêá",
        "áðéíóúýþæö",
    ),
    "cp1250": (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "čšžćđ",
        "áéíóöőúüű",
        "ăâîşţ",
    ),
    "iso8859-2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "čšžćđ", "áéíóöőúüű", "ăâîşţ"),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
    "iso8859-7": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъьюя",),
    "cp1254": ("çğıöşüi̇",),
    "cp850": ("äöåé", "äöüßé", "éèêëàâçùûüîïôœ", "áéíóúñü", "æøåéöü"),
    "cp852": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "čšžćđ", "áéíóöőúüű", "ăâîşţ"),
}
"""Letters beyond ASCII of the languages each encoding is used for; the order decides between equals (the commonest first)."""

_OTHER_SCRIPTS = {"cp1253": "αοιετνσ", "iso8859-7": "αοιετνσ", "cp1251": "оаеинтр"}
"""Scripts that are not Latin, by their commonest letters."""
_TEXT_SIGNS = "–—‘’“”„‚•…€£§°´«»®©™²³½¼¾ºª·¿¡\u00ad\u00a0±µ×"
_CONTINUATION = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
"""The bytes 80 to BF as Windows-1252 shows them."""
_CONTROLS = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}
"""Control characters that are Windows-1252 signs read as Latin-1."""
_ALONE = re.compile(r"(?<![^\W\d_])(?:((?<=\d)[^\x00-\x7f\W\d]|[^\x00-\x7f\W\d](?=\d))|([^\x00-\x7f\W\d]))(?![^\W\d_])")
_CONTROL = re.compile("[\x80-\x9f]")
_MOJIBAKE = re.compile(f"(?:[\u00c2-\u00f4][{_CONTINUATION}]{{1,3}})+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: ``name``, and ``fallback`` for the bytes that are not valid under it."""

    name: str
    bom: int = 0
    fallback: str | None = None

    @property
    def errors(self) -> str:
        """How bytes that are not valid are decoded: by the fallback, else as U+FFFD."""
        if self.fallback is None:
            return "replace"
        name, fallback = f"or-{self.fallback}", self.fallback
        codecs.register_error(name, lambda error: _otherwise(error, fallback))
        return name


def _otherwise(error: UnicodeError, encoding: str) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode(encoding, "replace"), error.end


class Detector:
    """Fed with the lines of a file, says how to decode them. Keeps a bounded sample of the lines that are not UTF-8."""

    _SAMPLE = 400_000

    def __init__(self, head: bytes) -> None:
        """``head``: the first bytes of the file, for its byte order mark."""
        self._bom = next(((name, len(mark)) for mark, name in _BOMS if head.startswith(mark)), None)
        if self._bom is None and head[:400].count(0) > len(head[:400]) // 4:
            self._bom = ("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", 0)
        self._valid = self._invalid = 0
        self._sample = bytearray()

    @property
    def wide(self) -> str | None:
        """The two-byte encoding, which has to be undone before lines can be told apart."""
        return self._bom[0] if self._bom and self._bom[0].startswith("utf-16") else None

    def feed(self, line: bytes) -> None:
        """Count a line, unless it is plain ASCII."""
        if line.isascii():
            return
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            self._invalid += 1
            if len(self._sample) < self._SAMPLE:
                self._sample += line
        else:
            self._valid += 1

    def result(self) -> Encoding:
        """The encoding. A file that mixes lines of UTF-8 and of another encoding gets both."""
        if self._bom:
            return Encoding(self._bom[0], self._bom[1], "cp1252" if self._invalid else None)
        if not self._invalid:
            return Encoding("utf-8")
        single = likeliest(bytes(self._sample))
        # a chance line of another encoding may be valid UTF-8; a real mixture has more than chance lines
        return Encoding("utf-8", 0, single) if self._valid > max(1, self._invalid // 20) else Encoding(single)


def likeliest(sample: bytes) -> str:
    """The single-byte encoding under which the sample looks most like words; the commonest unless another is clearly better."""
    scripts = {name: share for name in _OTHER_SCRIPTS if (share := _script(sample, name))}
    if scripts:
        return max(scripts, key=lambda name: scripts[name])
    scores = {name: _score(sample, name) for name in _LANGUAGES}
    best = max(scores, key=lambda name: scores[name])
    margin = sum(byte > 0x7F for byte in sample) // 100
    return next(name for name in scores if scores[name] >= scores[best] - margin)


def _script(sample: bytes, name: str) -> int:
    """How well the sample reads as words of a script other than Latin; 0 where it has no such words.

    Latin words hold one or two letters beyond ASCII at a time; a word of another script holds nothing else.
    """
    text = sample.decode(name, errors="replace")
    words = re.findall(r"[^\W\d_]+", text)
    foreign = [word for word in words if not word.isascii()]
    pure = [word for word in foreign if len(word) > 2 and all(sign > "\u0370" for sign in word)]
    if len(pure) * 10 < len(foreign) * 7:
        return 0
    letters = Counter("".join(foreign).lower())
    known = sum(n for sign, n in letters.items() if sign in _LANGUAGES[name][0])
    return known + sum(n for sign, n in letters.items() if sign in _OTHER_SCRIPTS[name])


def _score(sample: bytes, name: str) -> int:
    """How well the sample reads under an encoding, in the language that suits it best."""
    text = sample.decode(name, errors="replace")
    counts = Counter(match[0] for match in re.finditer(r"[^\x00-\x7f]", text))
    signs = sum(n for sign, n in counts.items() if sign in _TEXT_SIGNS)
    letters = sum(counts.values()) - signs
    wrong_case = sum(match[0].isupper() for match in re.finditer(r"(?<=[a-z])[^\x00-\x7f](?=[a-z])", text))
    # a letter at a number, or a capital by itself, is a sign of money under another encoding
    wrong_case += sum(1 for match in _ALONE.finditer(text) if match[1] or match[2].isupper())
    inside = len(re.findall(f"(?<=[^\\W\\d])[{re.escape(_TEXT_SIGNS)}](?=[^\\W\\d])", text))
    known = max(sum(n for sign, n in counts.items() if sign.lower() in alphabet) for alphabet in _LANGUAGES[name])
    if name in _OTHER_SCRIPTS:
        # a script of its own never shares a word with Latin letters, and its commonest letters are common
        wrong_case += len(re.findall(r"[A-Za-z][^\x00-\xbf]|[^\x00-\xbf][A-Za-z]", text))
        frequent = sum(n for sign, n in counts.items() if sign.lower() in _OTHER_SCRIPTS[name])
        known -= letters // 2 if frequent * 5 < letters * 2 else 0
    return known - 2 * (letters - known) - 3 * wrong_case - inside


def mend(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 and written again ("creÃ«ren" → "creëren"); all else stays as it is."""
    if text.isascii():
        return text
    mended = _MOJIBAKE.sub(_mended, text)
    return mended.translate(_CONTROLS) if _CONTROL.search(mended) else mended


def _mended(match: re.Match[str]) -> str:
    try:
        decoded = bytes(_byte(sign) for sign in match[0]).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return match[0]
    return decoded


def _byte(sign: str) -> int:
    code = ord(sign)
    return code if code < 0x100 else sign.encode("cp1252")[0]
