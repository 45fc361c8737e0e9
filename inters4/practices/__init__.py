"""Promising practices: their sheets, what is known of their effect, who adopted them."""
