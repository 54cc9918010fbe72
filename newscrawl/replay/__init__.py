"""From WARC to store again, with the rules of today."""
