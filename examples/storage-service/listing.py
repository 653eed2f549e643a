"""The profile `listing`."""

from core import record_of


def install(service):
    service.core.operations["list_images"] = list_images
    service.core.reading.add("list_images")


def list_images(database, fields):
    type, theme = fields.text("type", optional=True), fields.text("theme", optional=True)
    skip, limit = read_page(fields)
    matching = "FROM images WHERE (:type IS NULL OR type = :type) AND (:theme IS NULL OR theme = :theme)"
    values = {"type": type, "theme": theme, "skip": skip, "limit": limit}
    # One transaction, so that the page and the total are of the same moment.
    total = database.execute(f"SELECT count(*) AS total {matching}", values).fetchone()["total"]
    ids = database.execute(f"SELECT id {matching} ORDER BY created_at, id LIMIT :limit OFFSET :skip", values)
    return {"images": [record_of(database, row["id"]) for row in ids.fetchall()], "total": total}


def read_page(fields):
    skip, limit = fields.number("skip", 0, optional=True), fields.number("limit", 1, 1000, optional=True)
    return skip or 0, limit or 100
