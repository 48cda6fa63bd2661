import pytest

from tori.accounts.names import display_name, normal_email
from tori.core.errors import RuleBroken


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "value_missing"),
        ("  \u200b ", "value_missing"),
        ("123", "value_missing"),
        ("Ylläpito", "reserved_name"),
        ("y l l ä p i t ä j ä", "reserved_name"),
        ("Adm1n", "reserved_name"),
        ("Tekojen tori", "reserved_name"),
        ("Yll\u202eäpito", "reserved_name"),
        ("К\u0430isa Kehittäjä", "name_mixes_letters"),
        ("Voita www.kasino", "name_has_address"),
        ("Kaisa kaisa@example.org", "name_has_address"),
        ("Halvat lainat laina.example.com", "name_has_address"),
        ("Kaisa\r\nBcc: x", "line_break"),
        ("K" * 81, "text_too_long"),
    ],
)
def test_x07_a_name_that_misleads_is_refused(typed: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        display_name(typed)
    assert caught.value.code == code


def test_x07_hidden_characters_are_left_out_of_a_name() -> None:
    assert display_name(" Aino\u200b\u202e  Ö\u0301hman\t") == "Aino Ö\u0301hman"


@pytest.mark.parametrize("name", ["Áŋŋá Đ.", "Мария", "O'Neill-Mäkinen", "Kehittäjä 2", "Jukka v. Ähtäri"])
def test_ordinary_names_are_accepted(name: str) -> None:
    assert display_name(name)


@pytest.mark.parametrize(
    "typed", ["", "a", "a,b@example.org", "a@b@example.org", "a@example.org\nBcc: b@example.org", "[]", "ä@example.org"]
)
def test_a16_what_is_not_one_address_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken, match="bad_email"):
        normal_email(typed)


def test_an_address_is_kept_in_lower_case() -> None:
    assert normal_email(" Jasen@Example.ORG ") == "jasen@example.org"
