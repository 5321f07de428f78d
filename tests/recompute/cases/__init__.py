"""Citizens' cases a second time: read, folded and counted without the engine. See fold.py and counts.py."""
