"""The veille: summaries of articles, and what links them to practice."""
