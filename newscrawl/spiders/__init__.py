"""The portals: every module here is one, and nothing else needs editing to add one."""
