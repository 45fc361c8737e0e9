"""InterS4: a knowledge-brokering portal for a consortium of health organisations."""

__version__ = "0.1.0"
