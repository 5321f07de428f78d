"""The files of a Delta table at its newest version, from its log alone."""

import json


def active_files(table):
    """Data files of a table's folder, sorted; every commit since the first must still be in the log."""
    commits = sorted((table / "_delta_log").glob("*.json"))
    if [int(c.stem) for c in commits] != list(range(len(commits))):
        raise ValueError(f"{table}: the log has been cleaned up, make a fresh lake")
    active = set()
    for commit in commits:
        for line in commit.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "add" in action:
                active.add(action["add"]["path"])
            if "remove" in action:
                active.discard(action["remove"]["path"])
    return sorted(table / path for path in active)
