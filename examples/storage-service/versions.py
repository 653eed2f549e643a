"""The profile `versions`."""

from core import CONTENT, Refusal, check_asset, image_row, insert_version, read_content, record_of, touch
from listing import read_page
from store import timestamp


def install(service):
    service.core.operations["create_image_version"] = create_image_version
    service.core.operations["list_image_versions"] = list_image_versions
    service.core.reading.add("list_image_versions")


def create_image_version(database, fields):
    id, content = fields.image_id(), read_content(fields)
    expected = fields.number("expected_version", 1, optional=True)
    image = image_row(database, id)
    if expected is not None and expected != image["version"]:
        raise Refusal("VERSION_CONFLICT", f"the newest version is {image['version']}")
    check_asset(database, content)
    version = image["version"] + 1
    insert_version(database, id, version, content, touch(database, image))
    database.execute("UPDATE images SET version = ? WHERE id = ?", [version, id])
    record = record_of(database, id)
    return record, ("image.version_created", record)


def list_image_versions(database, fields):
    id, (skip, limit) = fields.image_id(), read_page(fields)
    image_row(database, id)
    rows = database.execute(
        "SELECT * FROM versions WHERE image_id = ? ORDER BY version LIMIT ? OFFSET ?", [id, limit, skip])
    return {"versions": [
        {"version": row["version"], **{key: row[key] for key in CONTENT}, "created_at": timestamp(row["created_at"])}
        for row in rows]}
