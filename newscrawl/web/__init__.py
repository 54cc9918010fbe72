"""The corpus browser: store, search and archive in a web page."""
