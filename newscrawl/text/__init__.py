"""Pure functions on text: restore, dates, bylines, boilerplate, URLs."""
