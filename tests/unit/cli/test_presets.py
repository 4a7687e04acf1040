"""The presets as the command prints them."""

import json

import pytest

from tidings import PRESETS
from tidings.cli.presets import presets


def test_a_preset_is_printed_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    presets()
    printed = capsys.readouterr().out
    wechat = (
        "wechat  WeChat Pay v3, payment notice: "
        "https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_2_5.shtml\n"
        "  16 attempts in 24h4m\n"
        "  delays: 15s 15s 30s 3m 10m 20m 30m 30m 30m 1h 3h 3h 3h 6h 6h\n"
        "  acknowledged by status 200 or 204; timeout 5s\n"
        "  also tried again: 400-499\n"
    )
    assert wechat in printed
    assert "  acknowledged by any 2xx with the body 'success'\n" in printed
    assert "  also tried again: 400-409, 411-499; refused by 410\n" in printed
    for name, preset in PRESETS.items():
        assert f"{name}  {preset.source}\n" in printed


def test_presets_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    presets(as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == list(PRESETS)
    for name, preset in PRESETS.items():
        assert printed[name]["source"] == preset.source
        assert printed[name]["acknowledgement"] == preset.acknowledgement.to_json()
