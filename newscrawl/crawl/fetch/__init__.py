"""How pages are fetched: politely (robots.txt, pauses), from public addresses only, with a browser where needed."""
