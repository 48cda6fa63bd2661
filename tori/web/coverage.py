"""The desk's page of what is covered and what is not."""

from flask import render_template

from tori.database import db
from tori.edge.access import access
from tori.edge.templating import request_locale
from tori.organisations.labels import KINDS_PLURAL
from tori.policy import Permission
from tori.statistics.coverage import LEAST_ACTIVE, coverage
from tori.web.desk import blueprint

NAMED = 60


@blueprint.get("/kattavuus", endpoint="coverage")
@access(Permission.CURATE)
def covered() -> str:
    found = coverage(db.session(), request_locale())
    return render_template("desk/coverage.html", found=found, kinds=KINDS_PLURAL, least=LEAST_ACTIVE, named=NAMED)
