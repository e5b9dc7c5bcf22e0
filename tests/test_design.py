"""The look is guarded like the rules: one file of tokens, nothing inline, nothing missing."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
CSS = sorted((ROOT / "static/css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOKENS = (ROOT / "static/css/tokens.css").read_text()
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text()))
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|color-mix)\(", re.IGNORECASE)
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)|<[^>]*\s(?:style|on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE
)
name = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
sheet = pytest.mark.parametrize("css", CSS, ids=lambda path: path.name)


@sheet
def test_only_the_tokens_name_a_colour(css):
    text = re.sub(r"/\*.*?\*/", "", css.read_text(), flags=re.DOTALL)

    assert css.name == "tokens.css" or COLOUR.findall(text) == []


@sheet
def test_every_token_a_sheet_uses_is_defined(css):
    used = set(re.findall(r"var\((--[\w-]+)", css.read_text()))

    assert used - set(re.findall(r"(--[\w-]+):", TOKENS)) == set()


@sheet
def test_every_file_a_sheet_points_at_exists(css):
    targets = re.findall(r'url\("?([^")]+)"?\)', css.read_text())

    assert [target for target in targets if not (css.parent / target).is_file()] == []


@name
def test_nothing_is_inline(template):
    # The policy of the site blocks it, so it would silently do nothing.
    assert INLINE.findall(template.read_text()) == []


@name
def test_no_template_names_a_colour(template):
    drawn = re.findall(r'(?:fill|stroke|stop-color)="([^"]*)"', template.read_text())

    assert [value for value in drawn if COLOUR.search(value)] == []


@name
def test_every_static_file_exists(template):
    paths = re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", template.read_text())

    assert [path for path in paths if finders.find(path) is None] == []


@name
def test_every_icon_is_in_the_sprite(template):
    text = template.read_text()
    icons = re.findall(r"{%\s*icon\s+['\"]([^'\"]+)['\"]", text)
    icons += re.findall(r"\bicon=['\"]([^'\"]+)['\"]|icon\|default:['\"]([^'\"]+)['\"]", text)

    flat = {part for icon in icons for part in ([icon] if isinstance(icon, str) else icon) if part}
    assert flat - SPRITE == set()


@name
def test_every_template_can_be_read(template):
    assert get_template(str(template.relative_to(ROOT / "templates")))


def test_both_ways_into_the_dark_give_the_same_dark():
    blocks = [part.split("}")[0] for part in TOKENS.split("color-scheme: dark;")[1:]]

    assert len(blocks) == 2
    assert blocks[0] == blocks[1]


def theme(dark):
    light, *darks = TOKENS.split("color-scheme: dark;")
    plain = light.split("@supports")[0] + (darks[0].split("}")[0] if dark else "")
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", plain))


def luminance(values, token):
    value = values[token]
    if inner := re.fullmatch(r"var\((--[\w-]+)\)", value):
        return luminance(values, inner[1])
    channels = [int(value[start:stop], 16) / 255 for start, stop in pairwise((1, 3, 5, 7))]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(values, text, ground):
    low, high = sorted((luminance(values, text), luminance(values, ground)))
    return (high + 0.05) / (low + 0.05)


PAGES = [
    "text:ground",
    "text:ground-2",
    "text:brand-tint",
    "text:guide-tint",
    "text:positive-tint",
    "text:negative-tint",
    "text:warning-tint",
    "text-2:ground",
    "text-2:ground-2",
    "text-2:brand-tint",
    "link:ground",
    "link:ground-2",
    "accent:ground",
    "figure:ground",
    "on-tint:brand-tint",
    "on-brand:brand",
    "on-brand:brand-hover",
    "on-brand:brand-dark",
    "guide-text:guide-tint",
    "positive-text:positive-tint",
    "negative-text:negative-tint",
    "negative-text:ground",
    "warning-text:warning-tint",
    "positive-text:ground",
    "warning-text:ground",
    "on-call:call",
    "board-text:brand-dark",
    "call:brand-dark",
    "board-text-2:brand-dark",
]
SCREENS = [
    "board-text:board-ground",
    "board-text:board-ground-2",
    "board-text-2:board-ground",
    "board-text-2:board-ground-2",
    "call:board-ground-2",
    "on-call:call",
    "on-call:board-text",
    "board-text:brand-dark",
    "text:ground",
    "text:ground-2",
    "text:brand-tint",
    "on-brand:brand",
    "brand:ground",
    "ink:paper",
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAGES)
def test_text_on_pages_can_be_read(pair, dark):
    text, ground = pair.split(":")

    assert contrast(theme(dark), f"--{text}", f"--{ground}") >= 4.5


@pytest.mark.parametrize("pair", SCREENS)
def test_text_on_boards_and_kiosks_can_be_read_from_afar(pair):
    text, ground = pair.split(":")

    assert contrast(theme(dark=False), f"--{text}", f"--{ground}") >= 7


LIGHT_BOARD = [
    *("board-text:board-ground", "board-text:board-ground-2", "board-text:board-line"),
    *("board-text-2:board-ground", "board-text-2:board-ground-2"),
    *("board-mark:board-ground", "board-mark:board-ground-2"),
]


@pytest.mark.parametrize("pair", LIGHT_BOARD)
def test_text_on_a_board_in_a_bright_hall_can_be_read_from_afar(pair):
    text, ground = pair.split(":")
    board = TOKENS.split('[data-board="light"]')[1].split("}")[0]
    values = theme(dark=False) | dict(re.findall(r"(--[\w-]+): ([^;]+);", board))

    assert contrast(values, f"--{text}", f"--{ground}") >= 7


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("line", ["input", "focus", "accent", "negative-line"])
def test_borders_that_carry_meaning_can_be_seen(line, dark):
    assert contrast(theme(dark), f"--{line}", "--ground") >= 3
