"""Pustaka: from Markdown and BibLaTeX to a bilingual site of cited research.

The data flow one way: `load` reads the files and makes the `model`; `rules` judge the model, `render` and
`export` turn it into text. Nothing here knows MkDocs; `scripts/hooks.py` is the only glue.
"""
