"""The settings with which Sphinx builds this documentation; ``make docs`` runs it."""

project = "Tidings"
author = "The makers of Tidings"
copyright = "MIT licensed"  # noqa: A001 -- Sphinx's name

extensions = ["myst_parser"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Tidings"
html_copy_source = False
