"""What may be an e-mail address and what may be a name on the square."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from tori.core.errors import RuleBroken
from tori.core.text import clean_line

MAX_NAME = 80
MAX_TITLE = 120
MAX_EMAIL = 254

_RESERVED = {
    "admin", "administrator", "administration", "anonymous", "asiakaspalvelu", "editor", "framstegsarenan", "guest",
    "jarjestelma", "kundtjanst", "moderaattori", "moderator", "noreply", "official", "owner", "poistunutkayttaja",
    "postmaster", "redaktionen", "redaktor", "root", "security", "support", "system", "tekojentori", "toimittaja",
    "toimitus", "tuki", "user", "webmaster", "yllapito", "yllapitaja",
}  # fmt: skip
"""Names that would make somebody believe that the service itself is speaking; without marks and accents."""

_LEET = str.maketrans("013457@$", "oieastas")
_ADDRESS_LIKE = re.compile(r"@|://|\bwww\.|\w\.(fi|com|net|org|eu|se|info|biz|ru|io)\b", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"[\r\n\x00\u2028\u2029]")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def normal_email(text: str | None, field: str = "email") -> str:
    """The address in lower case as it is stored and compared. Raises RuleBroken("bad_email")."""
    try:
        checked = validate_email((text or "").strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleBroken("bad_email", field=field) from error
    address = (checked.ascii_email or "").lower()
    if not 0 < len(address) <= MAX_EMAIL:
        raise RuleBroken("bad_email", field=field)
    return address


def domain_of(email: str) -> str:
    return email.rpartition("@")[2]


def display_name(text: str | None, field: str = "name") -> str:
    """A cleaned name. Raises RuleBroken: empty, long, reserved, of mixed alphabets, or with an address in it."""
    name = one_line(text, field, MAX_NAME)
    if not any(letter.isalpha() for letter in name):
        raise RuleBroken("value_missing", field=field)
    if _ADDRESS_LIKE.search(name):
        raise RuleBroken("name_has_address", field=field)
    if len(_scripts(name)) > 1:
        raise RuleBroken("name_mixes_letters", field=field)
    if _skeleton(name) in _RESERVED or _skeleton(name.translate(_LEET)) in _RESERVED:
        raise RuleBroken("reserved_name", field=field)
    return name


def one_line(text: str | None, field: str, limit: int) -> str:
    """A cleaned line; a line break in the middle is refused and not mended, as only a machine sends one."""
    if _LINE_BREAKS.search((text or "").strip()):
        raise RuleBroken("line_break", field=field)
    line = clean_line(text)
    if len(line) > limit:
        raise RuleBroken("text_too_long", field=field, limit=limit)
    return line


def _scripts(name: str) -> set[str]:
    words = {unicodedata.name(letter, "").split(" ")[0] for letter in name if letter.isalpha()}
    return words & set(_SCRIPTS)


def _skeleton(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalpha())
