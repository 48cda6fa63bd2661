"""The map of Finland: the whole page, and a light drawing of it that other pages show as a picture."""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori import statistics
from tori.config import ROOT
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.edge.caching import with_etag
from tori.edge.templating import request_locale
from tori.models.people import Municipality
from tori.notifications.changes import content_version

PATHS_FILE = ROOT / "seed_data" / "municipality_paths.json"
BOW = 0.18
"""How far a way bends to the side, as a part of its length."""
ROOM_AROUND = 12
SMALL_AREA = 60
"""Square kilometres; a smaller municipality gets a dot, as it would hardly be seen."""
CLASS_FLOORS = {"q4": 10, "q3": 4, "q2": 2, "q1": 1, "q0": 0}
"""Class of the map -> the least number of deeds in it."""
COLOURS = {"q0": "#dfe5e0", "q1": "#bfdccf", "q2": "#7fb8a0", "q3": "#35876a", "q4": "#0b4a37"}
"""The colours of the classes in the light picture; the page itself takes them from its styles."""

_COMMAND = re.compile(r"([Mlz])([^Mlz]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

blueprint = Blueprint("map", __name__)


@dataclass(frozen=True)
class Area:
    """A municipality as drawn. ``d`` is SVG path data, ``name`` says the number of deeds too."""

    d: str
    cls: str
    name: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    cls: str
    name: str


@cache
def _shapes() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(PATHS_FILE.read_text(encoding="utf-8"))
    return content


def class_of(deeds: int) -> str:
    return next(cls for cls, floor in CLASS_FLOORS.items() if deeds >= floor)


def legend() -> list[tuple[str, str]]:
    """Classes from the greatest to none, with their bounds in words."""
    result = []
    above: int | None = None
    for cls, floor in CLASS_FLOORS.items():
        if above is None:
            words = _("%(count)s or more", count=floor)
        elif floor == above - 1:
            words = str(floor) if floor else _("none yet")
        else:
            words = f"{floor}–{above - 1}"
        result.append((cls, words))
        above = floor
    return result


def drawing(names: dict[str, str], counts: dict[str, int]) -> tuple[list[Area], list[Dot]]:
    """The areas of all municipalities and the dots of the tiny ones."""
    areas, dots = [], []
    for code, shape in _shapes()["municipalities"].items():
        deeds = counts.get(code, 0)
        name = ngettext("%(name)s: %(num)d deed", "%(name)s: %(num)d deeds", deeds, name=names.get(code, code))
        areas.append(Area(shape["d"], class_of(deeds), name))
        if shape["area"] < SMALL_AREA:
            dots.append(Dot(shape["x"], shape["y"], class_of(deeds), name))
    return areas, dots


def marked_drawing(classes: dict[str, str], names: dict[str, str]) -> tuple[list[Area], list[Dot]]:
    """The areas with classes of one's own; of the tiny ones only those that are marked get a dot."""
    areas, dots = [], []
    for code, shape in _shapes()["municipalities"].items():
        cls, name = classes.get(code, "q0"), names.get(code, code)
        areas.append(Area(shape["d"], cls, name))
        if shape["area"] < SMALL_AREA and code in classes:
            dots.append(Dot(shape["x"], shape["y"], cls, name))
    return areas, dots


@dataclass(frozen=True)
class Curve:
    """The way of adoptions on the map. ``width`` is a class: w1, w2 or w3."""

    d: str
    x: float
    y: float
    width: str
    name: str


def curve(giver: str, taker: str, width: str, name: str) -> Curve | None:
    """A bow from one municipality to another; None for a code that the map does not know."""
    known = _shapes()["municipalities"]
    if giver not in known or taker not in known:
        return None
    start, end = known[giver], known[taker]
    across, down = end["x"] - start["x"], end["y"] - start["y"]
    middle_x, middle_y = (start["x"] + end["x"]) / 2 - down * BOW, (start["y"] + end["y"]) / 2 + across * BOW
    d = f"M{start['x']:.0f} {start['y']:.0f}Q{middle_x:.0f} {middle_y:.0f} {end['x']:.0f} {end['y']:.0f}"
    return Curve(d, end["x"], end["y"], width, name)


def shape_of(code: str, is_fine: bool) -> tuple[str, float, float, float] | None:
    """Path, inner point and drawn square kilometres of a municipality; whole kilometres unless it is to be fine.

    None for a municipality younger than the map.
    """
    shape = _shapes()["municipalities"].get(code)
    if shape is None:
        return None
    return shape["d"] if is_fine else _coarse_shapes()[code], shape["x"], shape["y"], shape["area"]


@cache
def region_viewbox(code: str) -> str:
    """The part of the map that shows one region with a little room around it."""
    x, y = 0.0, 0.0
    across: list[float] = []
    down: list[float] = []
    start = (0.0, 0.0)
    for command, numbers in _COMMAND.findall(_shapes()["regions"][code]["d"]):
        values = [float(text) for text in _NUMBER.findall(numbers)]
        for step_x, step_y in zip(values[::2], values[1::2], strict=True):
            x, y = (step_x, step_y) if command == "M" else (x + step_x, y + step_y)
            across.append(x)
            down.append(y)
        if command == "M":
            start = (x, y)
        if command == "z":
            x, y = start
    left, top = min(across) - ROOM_AROUND, min(down) - ROOM_AROUND
    width, height = max(across) - left + ROOM_AROUND, max(down) - top + ROOM_AROUND
    return f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}"


def region_codes() -> set[str]:
    return set(_shapes()["regions"])


@blueprint.app_context_processor
def campaign_maps() -> dict[str, Any]:
    """``joined_map(counts)``: who has joined a campaign and who has not yet, by the code of the municipality."""

    def joined_map(counts: dict[str, int]) -> dict[str, Any]:
        names = municipality_names(db.session(), request_locale())
        titles = {code: f"{names.get(code, code)}: {_('Joined')}" for code in counts}
        areas, dots = marked_drawing(dict.fromkeys(counts, "q3"), {**names, **titles})
        legend = [("q3", _("Joined")), ("q0", _("Not yet"))]
        return {
            "areas": areas, "dots": dots, "legend": legend, "viewbox": viewbox(), "borders": region_borders(),
        }  # fmt: skip

    return {"joined_map": joined_map}


def viewbox() -> str:
    return str(_shapes()["viewBox"])


def region_borders() -> str:
    return "".join(shape["d"] for shape in _shapes()["regions"].values())


@cache
def coarse_borders() -> str:
    return "".join(coarse(shape["d"]) for shape in _shapes()["regions"].values())


def municipality_names(session: Session, locale: str) -> dict[str, str]:
    rows = session.execute(select(Municipality.code, Municipality.name, Municipality.name_sv))
    return {code: (name_sv or name) if locale == "sv" else name for code, name, name_sv in rows}


def coarse(d: str) -> str:
    """Path data in whole kilometres: enough for a small picture, at a third of the size."""
    parts = []
    x = y = 0.0
    drawn_x = drawn_y = 0
    for command, numbers in _COMMAND.findall(d):
        values = [float(text) for text in _NUMBER.findall(numbers)]
        steps = []
        for step_x, step_y in zip(values[::2], values[1::2], strict=True):
            x, y = (step_x, step_y) if command == "M" else (x + step_x, y + step_y)
            to_x, to_y = round(x), round(y)
            if command == "M":
                steps.append(f"{to_x} {to_y}")
            elif (to_x, to_y) != (drawn_x, drawn_y):
                steps.append(f"{to_x - drawn_x} {to_y - drawn_y}")
            drawn_x, drawn_y = to_x, to_y
        if command == "z" or steps:
            parts.append(command + " ".join(steps).replace(" -", "-"))
        if command == "M":
            start_x, start_y = x, y
        if command == "z":
            x, y, drawn_x, drawn_y = start_x, start_y, round(start_x), round(start_y)
    return "".join(parts)


@cache
def _coarse_shapes() -> dict[str, str]:
    return {code: coarse(shape["d"]) for code, shape in _shapes()["municipalities"].items()}


def light_map(counts: dict[str, int]) -> str:
    """The map as a small SVG document without styles or scripts, so that any page may show it as a picture."""
    classes: dict[str, list[str]] = {cls: [] for cls in CLASS_FLOORS}
    for code, d in _coarse_shapes().items():
        classes[class_of(counts.get(code, 0))].append(d)
    groups = "".join(f'<path fill="{COLOURS[cls]}" d="{"".join(paths)}"/>' for cls, paths in classes.items() if paths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_shapes()["viewBox"]}">'
        f'<g stroke="#fff" stroke-width="1" stroke-linejoin="round">{groups}</g></svg>'
    )


@blueprint.route("/kartta.svg")
@access(PUBLIC)
def svg() -> Response:
    session = db.session()
    version = content_version(session)
    response = Response(_cached_map(session, version), content_type="image/svg+xml; charset=utf-8")
    if request.args.get("v") == str(version):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "public, no-cache"
    return with_etag(response)


def _cached_map(session: Session, version: int) -> str:
    """Drawn once for each version of the content; one drawing is kept in each process."""
    kept: tuple[int, str] | None = current_app.extensions.get("tori.map")
    if kept is None or kept[0] != version:
        kept = (version, light_map(statistics.by_municipality(session)))
        current_app.extensions["tori.map"] = kept
    return kept[1]
