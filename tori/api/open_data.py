"""Open data: the files of the day, their description by DCAT-AP, and the schema of a deed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, json, render_template, send_file
from flask_babel import gettext as _

from tori.api import dump
from tori.api.openapi import VERSION
from tori.api.schemas import SCHEMAS
from tori.api.v1 import blueprint
from tori.config import Config
from tori.core.errors import NotFound
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.edge.errors import problem

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SCHEMA_VERSION = 1
HOUR_SECONDS = 3_600
TYPES = {".jsonl": "application/x-ndjson", ".csv": "text/csv"}
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type"


@dataclass(frozen=True)
class DataFile:
    name: str
    bytes: int
    written_at: datetime


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


def data_files() -> list[DataFile]:
    """Those that the worker has written."""
    found = []
    for name in dump.FILES:
        path = dump.folder_of(_config()) / name
        if path.is_file():
            status = path.stat()
            found.append(DataFile(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)))
    return found


@blueprint.get("/avoin-data/tiedostot")
@access(PUBLIC)
def files() -> str:
    return render_template("pages/data_files.html", files=data_files(), schema_version=SCHEMA_VERSION)


@blueprint.get("/avoin-data/tiedostot/<name>")
@access(PUBLIC)
def file(name: str) -> Response:
    path = dump.folder_of(_config()) / name
    if name not in dump.FILES or not path.is_file():
        raise NotFound(name)
    if dump.is_outdated(db.session(), path):
        answer = problem(503, _("This file is being written anew. Try again in an hour."))
        answer.headers["Retry-After"] = str(HOUR_SECONDS)
        return answer
    return send_file(path, mimetype=TYPES[path.suffix], as_attachment=True, download_name=name, max_age=0)


def deed_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a line of ``teot.jsonl``: the deed of the interface."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_config().public_url}/avoin-data/teko-{SCHEMA_VERSION}.schema.json",
        "title": f"Deed, version {SCHEMA_VERSION}",
        **SCHEMAS["Deed"],
        "components": {"schemas": {name: SCHEMAS[name] for name in ("OrganisationName", "Indicator", "Material")}},
    }


@blueprint.get(f"/avoin-data/teko-{SCHEMA_VERSION}.schema.json")
@access(PUBLIC)
def schema() -> Response:
    return Response(json.dumps(deed_schema()), mimetype="application/schema+json")


def _names(fi: str, sv: str, en: str) -> list[dict[str, str]]:
    return [{"@language": code, "@value": text} for code, text in (("fi", fi), ("sv", sv), ("en", en))]


def catalogue() -> dict[str, Any]:
    """The catalogue after DCAT-AP 3 as JSON-LD."""
    url, name = _config().public_url, _config().site_names
    publisher = {"@type": "foaf:Agent", "foaf:name": _config().operator}
    dataset = {
        "@id": f"{url}/avoin-data#aineisto",
        "@type": "dcat:Dataset",
        "dct:title": _names(f"{name['fi']}: kehittämisteot", f"{name['sv']}: framsteg", f"{name['en']}: deeds"),
        "dct:description": _names(
            "Kuntien ja muiden kuntaorganisaatioiden kehittämisteot, niistä otetut mallit ja organisaatiot.",
            "Kommunernas och andra kommunala organisationers framsteg, tagna modeller och organisationer.",
            "Development deeds of municipal organisations, models taken from them, and the organisations.",
        ),
        "dct:publisher": publisher,
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"},
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"},
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:hasEmail": f"mailto:{_config().contact_email}"},
        "dcat:landingPage": {"@id": f"{url}/avoin-data"},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": item.name,
                "dcat:accessURL": {"@id": f"{url}/avoin-data/tiedostot"},
                "dcat:downloadURL": {"@id": f"{url}/avoin-data/tiedostot/{item.name}"},
                "dcat:mediaType": TYPES["." + item.name.rpartition(".")[2]],
                "dct:format": {"@id": f"{FILE_TYPES}/{'CSV' if item.name.endswith('.csv') else 'JSON'}"},
                "dcat:byteSize": item.bytes,
                "dct:modified": item.written_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "dct:license": {"@id": LICENCE},
                "dct:conformsTo": {"@id": f"{url}/avoin-data/teko-{SCHEMA_VERSION}.schema.json"},
            }
            for item in data_files()
        ],
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/", "vcard": "http://www.w3.org/2006/vcard/ns#",
        },
        "@id": f"{url}/avoin-data/katalogi.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _names(*(name[code] for code in ("fi", "sv", "en"))),
        "dct:description": _names("Torin avoin data.", "Torgets öppna data.", "Open data of the square."),
        "dct:publisher": publisher,
        "dct:license": {"@id": LICENCE},
        "dcat:dataset": [dataset],
        "dcat:service": [
            {
                "@type": "dcat:DataService",
                "dct:title": f"API {VERSION}",
                "dcat:endpointURL": {"@id": f"{url}/api/v1/"},
                "dcat:endpointDescription": {"@id": f"{url}/api/openapi.json"},
                "dcat:servesDataset": {"@id": f"{url}/avoin-data#aineisto"},
            }
        ],
    }  # fmt: skip


@blueprint.get("/avoin-data/katalogi.jsonld")
@access(PUBLIC)
def description() -> Response:
    return Response(json.dumps(catalogue()), mimetype="application/ld+json")
