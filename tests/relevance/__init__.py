"""Judged searches over the content that ships: does a person find what they came for?"""
