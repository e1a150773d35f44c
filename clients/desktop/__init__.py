"""A room in a window of its own, drawn with Tk."""
