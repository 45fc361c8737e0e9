"""Shapes of what people send to communities."""
