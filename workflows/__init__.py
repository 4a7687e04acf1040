"""The workflow of the service; run from a checkout or an image, in no wheel."""
