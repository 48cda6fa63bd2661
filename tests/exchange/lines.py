"""Lines for tests of import and export."""

import json
from typing import Any

WHOLE: dict[str, Any] = {
    "external_id": "pihan-kokeilupaja",
    "title": "Kokeilupaja koulun pihalla",
    "summary": "Koulun piha muuttui kokeilupajaksi.",
    "organisation": "Nokian kaupunki",
    "organisation_type": "kunta",
    "municipality": "Nokia",
    "region": "Pirkanmaa",
    "unit": "Koulutoimi",
    "sector": "opetus-ja-kasvatus",
    "themes": ["kokeilukulttuuri", "tyon-ilo"],
    "need": "Pihalla ei ollut **tekemistä**.",
    "goals": "- liikettä\n- iloa",
    "implementation": "Pihalle tuotiin työkaluja.",
    "results": "Välitunnit ovat vilkkaampia.",
    "lessons": "Aloita pienestä.",
    "applicability": "Sopii joka kouluun.",
    "limits_of_use": "Ei sovi sisätiloihin.",
    "obstacles": "Työkaluja katosi, kunnes ne merkittiin.",
    "did_not_work": "Saha oli liian **iso**.",
    "benefits_customer": "Lapset liikkuvat.",
    "benefits_staff": "Valvonta helpottui.",
    "benefits_organisation": "Piha on käytössä iltaisin.",
    "novelty": "Oppilaat valitsevat **itse**.",
    "plain_words": "Piha on nyt hauska. Siellä saa rakentaa.",
    "strategy_goal": "Lapset liikkuvat enemmän",
    "first_steps": ["Kysy oppilailta.", "Lainaa työkalut."],
    "published_on": "2026-03-29",
    "language": "fi",
    "period": {"start": "2025-08", "end": "2026"},
    "indicators": [
        {"name": "pajat", "unit": "kpl", "baseline": "0", "target": "10", "actual": "noin 12", "basis": "estimate"}
    ],
    "participants": "Koko koulu",
    "partners": ["Vanhempainyhdistys"],
    "programme": "Liikkuva koulu",
    "team": ["Oppilaat: suunnittelivat", "Talonmies"],
    "funding": {"funder": "Opetushallitus", "euros": 5000},
    "materials": [
        {"title": "Ohje", "url": "https://example.org/ohje"},
        {"title": "Esite"},
        {"title": "Lehtijuttu", "kind": "media", "date": "2026-03", "licence": "CC BY-SA 4.0"},
    ],
    "maturity": "kaytossa",
    "effort": "kuukausia",
    "cost": "alle-10000",
    "source_url": "https://example.org/juttu",
    "citation": "Kaupungin uutiskirje 2026.",
    "licence": "CC BY 4.0",
    "is_small": True,
    "related": ["toinen-teko"],
    "editor_note": "Tarkista luvut.",
}


def line(**changes: Any) -> str:
    """The least that a deed needs, with changes. ``None`` takes a key away."""
    values = {
        "title": "Kävelypalaveri",
        "summary": "Palaveri pidetään kävellen.",
        "organisation": "Nokian kaupunki",
        "sector": "koko-kunta",
        **changes,
    }
    return json.dumps({key: value for key, value in values.items() if value is not None}, ensure_ascii=False)


def whole(**changes: Any) -> str:
    return line(**{**WHOLE, **changes})
