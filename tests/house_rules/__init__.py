"""The rules of the house, as functions over a tree of files: each returns what breaks it.

A rule is a function so that it can be run on the project, where it must find nothing, and on a
planted fault, which it must find.
"""
