"""The portals: every module here is one, and nothing else needs editing to add one.

The modules of a folder of one's own, named in NEWSCRAWL_SITES, count as if they stood here.
"""

from __future__ import annotations

from newscrawl.places import own_sites

if (_own := own_sites()) is not None:
    __path__.append(str(_own))
