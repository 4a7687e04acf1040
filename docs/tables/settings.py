"""The table of the service's settings."""

from docs.tables.markdown import code, prose, table, value
from docs.tables.models import json_type
from service.settings import Settings


def settings() -> str:
    """All settings of the service, as environment variables."""
    prefix = Settings.model_config["env_prefix"]
    schema = Settings.model_json_schema()["properties"]
    return table(
        ("setting", "value", "default", "meaning"),
        [
            (
                code(f"{prefix}{name}".upper()),
                json_type(schema[name], field.annotation).replace("seconds, or ", ""),
                value(field.default),
                prose(field.description),
            )
            for name, field in Settings.model_fields.items()
        ],
    )
