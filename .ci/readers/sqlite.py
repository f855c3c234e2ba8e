"""Reads a database with the program sqlite3: {table: [{column: value}]}, with views."""
import json
import subprocess

from lib import each, present


def query(path, sql):
    done = subprocess.run(["sqlite3", "-readonly", "-json", path, sql], capture_output=True, check=False, encoding="utf-8")
    if done.returncode or done.stderr:
        raise ValueError(done.stderr)
    return json.loads(done.stdout or "[]")


def read(path):
    problems = query(path, "PRAGMA integrity_check") + query(path, "PRAGMA foreign_key_check")
    if problems != [{"integrity_check": "ok"}]:
        raise ValueError(problems)
    names = [row["name"] for row in query(path, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")]
    return {name: [present(row) for row in query(path, f'SELECT * FROM "{name}"')] for name in names}


each(read)
