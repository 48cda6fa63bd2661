"""The seed content is whole, honest and free of personal data; no application is needed to check it."""

import csv
import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

SEED = Path(__file__).parents[2] / "seed_data"
Record = dict[str, Any]

SECTORS = {
    "opetus-ja-kasvatus",
    "sosiaali-ja-terveysala",
    "kulttuuri-ja-vapaa-aika",
    "tekniset-alat-ja-ymparisto",
    "elinkeino-ja-yrityspalvelut",
    "johto-hr-ja-hallinto",
    "ruoka-ja-siivouspalvelut",
    "koko-kunta",
}
ORGANISATION_TYPES = {"kunta", "kuntayhtyma", "hyvinvointialue", "kuntayhtio", "muu"}
IMPORT_KEYS = {
    "external_id",
    "title",
    "summary",
    "organisation",
    "organisation_type",
    "municipality",
    "region",
    "sector",
    "themes",
    "customer_groups",
    "benefits",
    "professions",
    "situations",
    "methods",
    "need",
    "goals",
    "implementation",
    "results",
    "body",
    "published_on",
    "language",
    "period",
    "indicators",
    "participants",
    "partners",
    "funding",
    "materials",
    "applicability",
    "maturity",
    "source_url",
    "campaign",
    "licence",
}
EXTRA_KEYS = {
    "unit",
    "is_short",
    "status",
    "part_of",
    "related",
    "citation",
    "collections",
    "editor_note",
}
OLD_OFFICIAL_HOSTS = {"www.kuntatyonantajat.fi", "www.osaamisenennakointi.fi"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
INDICATOR_VALUE = re.compile(r"((noin|yli|lähes) )?\d{1,3}( \d{3})*(,\d+)?")


def read_json(name: str) -> Any:
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def read_lines(name: str) -> list[Record]:
    return [json.loads(line) for line in (SEED / name).read_text(encoding="utf-8").splitlines()]


DEEDS = read_lines("deeds.jsonl")
ORGANISATIONS = read_lines("organisations.jsonl")
CAMPAIGNS = read_lines("campaigns.jsonl")
TOPLISTS = read_lines("toplists.jsonl")
STORY_RECORDS = read_lines("stories.jsonl")
SERIES = [record for record in STORY_RECORDS if record["record"] == "series"]
STORIES = [record for record in STORY_RECORDS if record["record"] == "story"]
THEMES: list[Record] = read_json("themes.json")
TAGS: list[Record] = read_json("tags.json")
REGIONS: list[Record] = read_json("regions.json")
STATISTICS: Record = read_json("statistics.json")
with (SEED / "municipalities.csv").open(encoding="utf-8", newline="") as file:
    MUNICIPALITIES = list(csv.DictReader(file))

DEED_IDS = {deed["external_id"] for deed in DEEDS}
DRAFT_IDS = {deed["external_id"] for deed in DEEDS if deed.get("status") == "draft"}


def assert_unique(values: Iterable[str]) -> None:
    assert not [value for value, count in Counter(values).items() if count > 1]


def assert_three_languages(text: Record) -> None:
    assert set(text) == {"fi", "sv", "en"}
    assert all(isinstance(value, str) and value.strip() for value in text.values())


def strings_in(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


@pytest.mark.parametrize("path", sorted(SEED.iterdir()), ids=lambda path: path.name)
def test_files_are_utf8_with_unix_line_ends(path: Path) -> None:
    data = path.read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n") or path.name == "municipality_paths.json"
    assert not data.startswith(b"\xef\xbb\xbf")
    data.decode("utf-8")


def test_ids_and_slugs_are_unique_and_well_formed() -> None:
    assert_unique(deed["external_id"] for deed in DEEDS)
    assert_unique(deed["title"] for deed in DEEDS)
    assert_unique(organisation["name"] for organisation in ORGANISATIONS)
    assert_unique(story["series"] + "/" + story["slug"] for story in STORIES)
    for records in (ORGANISATIONS, CAMPAIGNS, TOPLISTS, SERIES, THEMES, REGIONS):
        assert_unique(record["slug"] for record in records)
        assert all(SLUG.fullmatch(record["slug"]) for record in records)
    assert all(SLUG.fullmatch(story["slug"]) for story in STORIES)
    assert all(SLUG.fullmatch(deed["external_id"]) for deed in DEEDS)


def test_there_are_eight_sectors_in_three_languages() -> None:
    sectors = read_json("sectors.json")
    assert {sector["slug"] for sector in sectors} == SECTORS
    assert [sector["position"] for sector in sectors] == list(range(1, 9))
    assert len({sector["colour"] for sector in sectors}) == len({sector["icon"] for sector in sectors}) == 8
    for sector in sectors:
        assert_three_languages(sector["name"])
        assert_three_languages(sector["meaning"])


TAG_KINDS = {
    "customer_groups": "asiakasryhma", "benefits": "hyoty", "professions": "ammatti",
    "situations": "tilanne", "methods": "menetelma",
}  # fmt: skip


def test_tags_have_names_in_three_languages_and_one_slug_in_their_kind() -> None:
    assert_unique(f"{tag['kind']}/{tag['slug']}" for tag in TAGS)
    for tag in TAGS:
        assert tag["kind"] in TAG_KINDS.values()
        assert SLUG.fullmatch(tag["slug"])
        assert all(tag["name"][code] for code in ("fi", "sv", "en"))


def test_the_tags_of_the_deeds_are_known_and_most_deeds_have_some() -> None:
    known = {(tag["kind"], tag["slug"]) for tag in TAGS}
    named = [{(kind, slug) for key, kind in TAG_KINDS.items() for slug in deed.get(key, [])} for deed in DEEDS]
    assert set().union(*named) <= known
    assert sum(1 for tags in named if tags) > 100


def test_there_are_35_themes_in_three_languages() -> None:
    assert len(THEMES) == 35
    for theme in THEMES:
        assert_three_languages(theme["name"])
        assert_three_languages(theme["meaning"])
        assert all(theme["synonyms"][language] for language in ("fi", "sv", "en"))


def test_regions_cover_every_municipality() -> None:
    assert len(REGIONS) == 19
    assert {region["code"] for region in REGIONS} == {row["region_code"] for row in MUNICIPALITIES}
    for region in REGIONS:
        assert_three_languages(region["name"])


def test_every_municipality_has_a_shape_and_exactly_one_organisation() -> None:
    codes = [row["code"] for row in MUNICIPALITIES]
    assert len(codes) == len(set(codes)) == 308
    assert set(read_json("municipality_paths.json")["municipalities"]) == set(codes)
    owners = [item["municipality_code"] for item in ORGANISATIONS if item["type"] == "kunta"]
    assert sorted(owners) == sorted(codes)


def test_municipalities_are_named_by_their_official_form() -> None:
    by_code = {item["municipality_code"]: item for item in ORGANISATIONS if item["type"] == "kunta"}
    expected = {
        "108": "Hämeenkyrön kunta",
        "143": "Ikaalisten kaupunki",
        "235": "Kauniaisten kaupunki",
        "284": "Kosken Tl kunta",
        "402": "Lapinlahden kunta",
        "423": "Liedon kaupunki",
        "478": "Maarianhaminan kaupunki",
        "543": "Nurmijärven kunta",
        "599": "Pedersören kunta",
        "686": "Rautalammin kunta",
        "837": "Tampereen kaupunki",
        "853": "Turun kaupunki",
        "895": "Uudenkaupungin kaupunki",
        "915": "Varkauden kaupunki",
        "936": "Virtain kaupunki",
        "992": "Äänekosken kaupunki",
    }
    assert {code: by_code[code]["name"] for code in expected} == expected
    assert all(re.search(r"n (kaupunki|kunta)$|^Kosken Tl kunta$", item["name"]) for item in by_code.values())


def test_municipalities_are_named_in_swedish_by_their_swedish_name() -> None:
    swedish = {row["code"]: row["name_sv"] for row in MUNICIPALITIES}
    towns = [item for item in ORGANISATIONS if item["type"] == "kunta"]
    for item in towns:
        kind = "stad" if item["name"].endswith("kaupunki") else "kommun"
        place = swedish[item["municipality_code"]]
        assert re.fullmatch(rf"{place}s? {kind}|Staden {place}", item["name_sv"]), item
    by_name = {item["name"]: item["name_sv"] for item in towns}
    assert by_name["Tampereen kaupunki"] == "Tammerfors stad"
    assert by_name["Naantalin kaupunki"] == "Nådendals stad"
    assert by_name["Uuraisten kunta"] == "Uurainen kommun"


def test_organisations_point_to_known_places_and_successors() -> None:
    slugs = {item["slug"] for item in ORGANISATIONS}
    municipalities = {row["code"]: row["region_code"] for row in MUNICIPALITIES}
    regions = {region["code"] for region in REGIONS}
    assert sum(item["type"] == "hyvinvointialue" for item in ORGANISATIONS) == 21
    for item in ORGANISATIONS:
        assert item["type"] in ORGANISATION_TYPES
        assert item["region_code"] is None or item["region_code"] in regions
        assert item["successor"] is None or item["successor"] in slugs
        assert (item["ended_on"] is None) == (item["successor"] is None)
        if item["municipality_code"]:
            assert municipalities[item["municipality_code"]] == item["region_code"]


def test_mail_domains_belong_to_one_organisation_each() -> None:
    domains = [domain for item in ORGANISATIONS for domain in item["email_domains"]]
    assert_unique(domains)
    assert all(re.fullmatch(r"[a-z-]+\.(fi|ax)", domain) for domain in domains)
    with_domains = {item["type"] for item in ORGANISATIONS if item["email_domains"]}
    assert with_domains == {"kunta", "hyvinvointialue"}


def test_there_are_168_deeds_with_known_keys_only() -> None:
    assert len(DEEDS) == 168
    for deed in DEEDS:
        assert set(deed) <= IMPORT_KEYS | EXTRA_KEYS
        assert None not in deed.values()
        assert [] not in deed.values()


def test_required_fields_of_a_deed_are_filled() -> None:
    required = ("external_id", "title", "summary", "organisation", "sector", "themes", "citation", "published_on")
    for deed in DEEDS:
        assert all(deed.get(key) for key in required), deed["external_id"]
        assert 1 <= len(deed["themes"]) <= 5
        assert deed["language"] == "fi"
        assert deed["licence"] == "CC BY 4.0"


def test_every_reference_of_a_deed_resolves() -> None:
    organisations = {item["name"]: item for item in ORGANISATIONS}
    themes = {theme["slug"] for theme in THEMES}
    municipalities = {row["name_fi"] for row in MUNICIPALITIES}
    regions = {region["name"]["fi"] for region in REGIONS}
    for deed in DEEDS:
        assert deed["sector"] in SECTORS
        assert set(deed["themes"]) <= themes
        assert organisations[deed["organisation"]]["type"] == deed["organisation_type"]
        assert deed.get("municipality") in municipalities | {None}
        assert deed.get("region") in regions | {None}
        assert deed.get("part_of") in DEED_IDS | {None}
        assert set(deed.get("related", [])) <= DEED_IDS - {deed["external_id"]}


def test_a_deed_is_never_a_part_of_itself() -> None:
    parents = {deed["external_id"]: deed.get("part_of") for deed in DEEDS}
    for start in parents:
        chain = [start]
        while parent := parents[chain[-1]]:
            assert parent not in chain
            chain.append(parent)


def test_exactly_four_deeds_are_drafts_of_the_editors() -> None:
    assert len(DRAFT_IDS) == 4
    assert {deed["status"] for deed in DEEDS if "status" in deed} == {"draft"}
    editors = {deed["external_id"] for deed in DEEDS if deed["organisation"] == "Tekojen torin toimitus"}
    assert editors == DRAFT_IDS


def test_indicators_keep_their_shape_and_qualifiers() -> None:
    values: list[str] = []
    for deed in DEEDS:
        for indicator in deed.get("indicators", []):
            assert set(indicator) == {"name", "unit", "target", "actual"}
            assert indicator["name"]
            assert indicator["unit"]
            values += [value for value in (indicator["target"], indicator["actual"]) if value is not None]
    assert values
    assert all(INDICATOR_VALUE.fullmatch(value) for value in values)
    assert {value.split(" ")[0] for value in values if value[0].isalpha()} == {"noin", "yli"}


def test_funding_materials_and_periods_keep_their_shape() -> None:
    for deed in DEEDS:
        funding = deed.get("funding")
        if funding:
            assert set(funding) == {"funder", "euros"}
            assert funding["funder"]
            assert funding["euros"] is None or funding["euros"] > 0
        for material in deed.get("materials", []):
            assert set(material) == {"title", "url"}
            assert material["title"]
        for value in deed.get("period", {}).values():
            assert value is None or PARTIAL_DATE.fullmatch(value)
        assert deed.get("maturity") in {None, "kokeilu", "kaytossa", "vakiintunut"}


def test_publication_dates_are_those_of_the_sources() -> None:
    dates = {deed["published_on"] for deed in DEEDS}
    assert dates == {"2014-02-27", "2020-10-12", "2022-06-30", "2022-12-30", "2023-04-30"}
    assert len({deed["citation"] for deed in DEEDS}) == len(dates)


def test_texts_of_deeds_are_finished_sentences() -> None:
    for deed in DEEDS:
        assert len(deed["title"]) <= 90
        assert deed["title"][-1] not in ".!"
        assert len(deed["summary"]) <= 240
        for key in ("summary", "need", "goals", "implementation", "results", "applicability"):
            text = deed.get(key)
            if text:
                assert text[-1] in ".!?”", (deed["external_id"], key)
                assert text == text.strip()
                assert "  " not in text


def test_campaigns_and_galas_have_dates_and_sources() -> None:
    assert [campaign["kind"] for campaign in CAMPAIGNS].count("gala") == 2
    assert len(CAMPAIGNS) == 6
    targets = {campaign["slug"] for campaign in CAMPAIGNS} | {series["slug"] for series in SERIES}
    for campaign in CAMPAIGNS:
        start = datetime.date.fromisoformat(campaign["starts_on"])
        end = datetime.date.fromisoformat(campaign["ends_on"])
        assert start <= end
        assert start.year == end.year == campaign["year"]
        assert campaign["successor"] is None or campaign["successor"] in targets
        assert campaign["kind"] in {"open", "challenge", "weekly", "theme_month", "gala"}
        assert all(campaign[f"description{suffix}"] for suffix in ("", "_sv", "_en"))
        assert campaign["source"]
        assert bool(campaign["award_series"]) == (campaign["kind"] == "gala")


def test_campaign_results_keep_their_qualifier() -> None:
    results = {campaign["slug"]: campaign["results"] for campaign in CAMPAIGNS}
    assert results["tekoja-tiskiin-2018"] == {"new_deeds": 85, "qualifier": None}
    assert results["tekoja-tiskiin-2019"] == {"new_deeds": 158, "qualifier": None}
    assert results["hyva-kiertamaan-2020"] == {"new_deeds": 100, "qualifier": "noin"}
    assert results["viikon-muutoksentekijat-2020"]["new_deeds"] is None


def test_toplists_hold_published_deeds_that_fit_and_are_not_padded() -> None:
    for toplist in TOPLISTS:
        ids = [item["external_id"] for item in toplist["items"]]
        assert_unique(ids)
        assert set(ids) <= DEED_IDS - DRAFT_IDS
        assert len(ids) <= toplist["size"]
        assert all(item["reason"] and item["fit"] in {"vahva", "kohtalainen"} for item in toplist["items"])
        assert toplist["status"] in {"proposal", "published"}
        assert_three_languages(toplist["introduction"])
    sizes = {toplist["slug"]: (toplist["size"], len(toplist["items"])) for toplist in TOPLISTS}
    assert sizes["suunterveydenhoito"] == (18, 0)
    assert sizes["toimintakulttuurin-uudistajat"] == (19, 18)


def test_stories_belong_to_a_series_and_point_to_deeds() -> None:
    positions: dict[str, list[int]] = {series["slug"]: [] for series in SERIES}
    for story in STORIES:
        positions[story["series"]].append(story["position"])
        assert story["title"]
        assert story["summary"]
        assert story["kind"] in {"article", "podcast", "webinar"}
        assert story["deeds"]
        assert set(story["deeds"]) <= DEED_IDS
    assert {slug: len(found) for slug, found in positions.items()} == {
        "sankarit-poikkeusoloissa": 30,
        "kuntatyo-2-0": 24,
        "webinaarit": 5,
    }
    assert all(found == list(range(1, len(found) + 1)) for found in positions.values())


def test_statistics_name_their_source_group_and_labels() -> None:
    sources = {source["id"] for source in STATISTICS["sources"]}
    groups = {group["id"] for group in STATISTICS["groups"]}
    figures = STATISTICS["figures"]
    assert len(figures) == 163
    assert_unique(figure["id"] for figure in figures)
    for figure in figures:
        assert figure["source"] in sources
        assert figure["group"] in groups
        assert figure["label"]
        assert figure["qualifier"] in {None, "noin", "yli", "lähes"}
    for table in STATISTICS["tables"]:
        assert table["source"] in sources
        for text in [table["title"], *table["columns"]]:
            assert_three_languages(text)
        assert all(len(row) == len(table["columns"]) for row in table["rows"])


def test_tables_agree_with_the_figures_beside_them() -> None:
    figures = {figure["id"]: figure["value"] for figure in STATISTICS["figures"]}
    tables = {table["id"]: table["rows"] for table in STATISTICS["tables"]}
    assert tables["deeds-by-year"][-1][1] == figures["tt-deeds-total"] == 667
    assert sum(row[1] for row in tables["sectors"]) == 100
    assert [row[2] for row in tables["top5"]] == [figures[f"top5-{rank}"] for rank in range(1, 6)]


def test_no_personal_contact_details_or_foreign_addresses() -> None:
    everything = [DEEDS, ORGANISATIONS, CAMPAIGNS, TOPLISTS, STORY_RECORDS, STATISTICS, THEMES]
    for text in strings_in(everything):
        assert "@" not in text
        assert not re.search(r"\+358|\b0(4\d|50|9)[ -]?\d{3}", text), text
        assert not re.search(r"https?://", text), text
        assert set(re.findall(r"\bwww\.[\w.-]+", text)) <= OLD_OFFICIAL_HOSTS, text


PAGES: list[Record] = read_json("pages.json")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["slug"])
def test_a_page_of_advice_is_told_in_three_languages_and_names_deeds_that_exist(page: dict[str, Any]) -> None:
    for part in ("title", "lead", "body"):
        assert set(page[part]) == {"fi", "sv", "en"}
        assert all(page[part].values()), part
    assert set(page["deeds"]) <= DEED_IDS - DRAFT_IDS
