"""The workflow of the service. It runs from a checkout or an image, and is in no wheel."""
