"""The tables of the review file, version by version."""

from __future__ import annotations

import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x44497276
"""What tells a review file from other databases: "DIrv" in the database's header."""

_FIRST = (
    """
    CREATE TABLE place (
        id INTEGER PRIMARY KEY,
        target TEXT NOT NULL CHECK (target IN ('object', 'detection', 'image')),
        image TEXT NOT NULL,
        object_id TEXT,  -- as JSON: the ids 7 and "7" are two
        class_name TEXT NOT NULL,
        x REAL, y REAL, width REAL, height REAL,
        number INTEGER NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX one_place ON place (
        image, target, class_name, number, ifnull(object_id, ''),
        ifnull(x, ''), ifnull(y, ''), ifnull(width, ''), ifnull(height, '')
    )
    """,
    """
    CREATE TABLE verdict (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        place INTEGER NOT NULL REFERENCES place (id),
        judgement TEXT,
        kind TEXT,
        right_class TEXT NOT NULL,
        right_x REAL, right_y REAL, right_width REAL, right_height REAL,
        reviewed INTEGER NOT NULL CHECK (reviewed IN (0, 1)),
        note TEXT NOT NULL,
        author TEXT NOT NULL,
        time TEXT NOT NULL  -- ISO 8601, in UTC
    )
    """,
    "CREATE INDEX verdict_by_place ON verdict (place, id)",
    """
    CREATE TRIGGER verdict_is_not_changed BEFORE UPDATE ON verdict
    BEGIN SELECT raise(ABORT, 'verdicts are only added'); END
    """,
    """
    CREATE TRIGGER verdict_is_not_deleted BEFORE DELETE ON verdict
    BEGIN SELECT raise(ABORT, 'verdicts are only added'); END
    """,
    """
    CREATE TABLE source (
        part TEXT PRIMARY KEY CHECK (part IN ('ground_truth', 'detections', 'images')),
        absolute TEXT NOT NULL,
        relative TEXT NOT NULL  -- to the folder of this file; empty where there is no such path
    )
    """,
)
_WHERE_PEOPLE_WERE = (
    """
    CREATE TABLE position (
        author TEXT PRIMARY KEY,
        image TEXT NOT NULL,
        place INTEGER REFERENCES place (id)
    )
    """,
)

_IMAGES_OF_ONE_NAME = (
    "ALTER TABLE place ADD COLUMN image_number INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX one_place",
    """
    CREATE UNIQUE INDEX one_place ON place (
        image, image_number, target, class_name, number, ifnull(object_id, ''),
        ifnull(x, ''), ifnull(y, ''), ifnull(width, ''), ifnull(height, '')
    )
    """,
)

_HOW_IT_IS_READ = (
    "ALTER TABLE source RENAME TO former_source",
    """
    CREATE TABLE source (
        part TEXT PRIMARY KEY CHECK (part IN ('ground_truth', 'detections', 'images', 'class_names')),
        absolute TEXT NOT NULL,
        relative TEXT NOT NULL  -- to the folder of this file; empty where there is no such path
    )
    """,
    "INSERT INTO source SELECT part, absolute, relative FROM former_source",
    "DROP TABLE former_source",
    """
    CREATE TABLE reading (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        text TEXT NOT NULL  -- JSON of what a person chose; empty where the content of the files decides
    )
    """,
)

STEPS: Final = (_FIRST, _WHERE_PEOPLE_WERE, _IMAGES_OF_ONE_NAME, _HOW_IT_IS_READ)
"""What makes version n + 1 of version n, from an empty database on. Steps are only added, never changed."""
VERSION: Final = len(STEPS)


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the tables; 0 for an empty database."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Take the steps that are missing, inside the caller's transaction."""
    for step in STEPS[version_of(connection) :]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
