"""The controlled vocabulary: themes, settings, populations, professions, regions, synonyms."""
