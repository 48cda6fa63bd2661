"""Where benchmarks write what they have measured: between two marks of a page of the documentation."""

from pathlib import Path


def put(page: Path, name: str, table: str) -> None:
    """Between ``<!-- name -->`` and ``<!-- /name -->``, in the place of what stood there."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{page.name} has no place marked {name}")
    page.write_text(f"{before}{start}\n{table.strip()}\n{end}{after}", encoding="utf-8")
