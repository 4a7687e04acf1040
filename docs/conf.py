"""How Sphinx builds this documentation; ``make docs`` runs it."""  # noqa: INP001 -- no package

project = "Tidings"
author = "The makers of Tidings"
copyright = "MIT licensed"  # noqa: A001 -- Sphinx's name

extensions = ["myst_parser"]
exclude_patterns = ["tables"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Tidings"
html_copy_source = False
