"""The public names of the library, and what a process loads with them."""

import ast
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import tidings
from tests.support.names import public_imports

NEED_TEMPORAL: Final = {"NotificationClient"}
"""All other names describe notifications, or end a process."""
NAMES: Final = public_imports()
NATIVE: Final = ("temporalio", "temporal_sdk_bridge", "google.protobuf")


def loaded_by(statements: str) -> set[str]:
    """The modules that a fresh process has loaded after ``statements``."""
    program = f"import json, sys\n{statements}\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(tidings.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(result.stdout))


def temporal_in(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith(NATIVE) or "temporal_sdk" in name}


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param("from tidings import Notification", id="notification"),
        pytest.param("import tidings; tidings.Notification", id="attribute"),
        pytest.param("import tidings", id="package"),
        pytest.param(
            f"from tidings import {', '.join(sorted(set(NAMES) - NEED_TEMPORAL))}",
            id="every-name-without-temporal",
        ),
    ],
)
def test_describing_notifications_loads_no_temporal(statements: str) -> None:
    modules = loaded_by(statements)
    assert temporal_in(modules) == set()
    assert "tidings" in modules


def test_the_client_loads_temporal() -> None:
    """Shows that the test above would notice."""
    modules = loaded_by("from tidings import NotificationClient")
    assert {"temporalio", "temporalio.bridge.temporal_sdk_bridge"} <= temporal_in(modules)


def test_type_checkers_and_python_see_the_same_names() -> None:
    assert NAMES == tidings._MODULE_OF
    assert set(vars(tidings)["__all__"]) == set(NAMES)
    assert set(dir(tidings)) >= {*NAMES, "__version__"}


def test_each_name_comes_from_its_module() -> None:
    for name, module in NAMES.items():
        assert getattr(tidings, name) is getattr(sys.modules[module], name)


def test_a_star_import_brings_all_names() -> None:
    names: dict[str, object] = {}
    exec("from tidings import *", names)  # noqa: S102 -- only here is it allowed in a function
    assert set(names) - {"__builtins__"} == set(NAMES)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Notifications'"):
        _ = tidings.Notifications  # type: ignore[attr-defined]


def test_every_public_model_describes_its_fields() -> None:
    """The reference is generated from these."""
    for name in NAMES:
        value = getattr(tidings, name)
        assert name == "PRESETS" or value.__doc__, name
        for field, info in getattr(value, "model_fields", {}).items():
            description = info.description or ""
            assert description.endswith("."), f"{name}.{field}: {description!r}"
            assert description[0].isupper() or description[0] == "`", f"{name}.{field}"


def test_every_member_and_field_has_a_docstring() -> None:
    """Of the public enums and dataclasses, which pydantic does not describe."""
    for name in (
        "Status",
        "WaitReason",
        "FailureKind",
        "BatchState",
        "Receipt",
        "SendResult",
        "Page",
    ):
        source = inspect.getsource(sys.modules[getattr(tidings, name).__module__])
        (body,) = [
            each.body
            for each in ast.parse(source).body
            if isinstance(each, ast.ClassDef) and each.name == name
        ]
        for statement, following in zip(body, [*body[1:], None], strict=True):
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                assert isinstance(following, ast.Expr), f"{name}: {ast.unparse(statement)}"
