"""The rooms in a terminal: a full screen, or, with --plain, lines in and lines out."""
