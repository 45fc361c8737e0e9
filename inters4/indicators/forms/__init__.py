"""What is read: files of `content/`, and the period that someone asks for."""

from inters4.indicators.forms.files import read_facts, read_plan

__all__ = ["read_facts", "read_plan"]
