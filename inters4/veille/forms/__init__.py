"""Shape and wording of input: files of summaries, and the forms of the desk."""
