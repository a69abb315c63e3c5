"""From Textual's SVG to PNG and GIF.

Needs rsvg-convert, the fonts Fira Code and DejaVu Sans Mono (Debian: librsvg2-bin fonts-firacode fonts-dejavu-core),
and Pillow.
"""

from __future__ import annotations

import html
import re
import subprocess
from io import BytesIO
from pathlib import Path

from PIL import Image
from rich.cells import cell_len

CELL_WIDTH, LINE_HEIGHT = 12.2, 24.4  # of Textual's SVG, in its units, which are our pixels
LEFT, TOP = 9, 42.5  # where its first cell begins
_RUN = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"( clip-path="[^"]*")?>([^<]*)</text>'
)
BASELINE = 18.5  # of a line, below the top of its cells
_DEJAVU = "✓✗▲↻⟲◐◌⊘"  # Fira Code draws these as other signs, or not at all
# block element -> left, top, width, height, in parts of a cell
_BLOCKS = {
    "█": (0.0, 0.0, 1.0, 1.0),
    "▐": (0.5, 0.0, 0.5, 1.0),
    "▀": (0.0, 0.0, 1.0, 0.5),
    **{block: (0.0, 0.0, (7 - eighth) / 8, 1.0) for eighth, block in enumerate("▉▊▋▌▍▎▏")},
    **{block: (0.0, 1 - (eighth + 1) / 8, 1.0, (eighth + 1) / 8) for eighth, block in enumerate("▁▂▃▄▅▆▇")},
}
_FONT_FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)

Box = tuple[int, int, int, int]  # column, row, width, height


def png(svg: str, crop: Box | None = None) -> Image.Image:
    """The picture, whole or only the cells of `crop`."""
    source = _FONT_FACE.sub("", _RUN.sub(_spread, svg))
    done = subprocess.run(["rsvg-convert", "--format=png"], input=source.encode(), capture_output=True, check=True)
    image = Image.open(BytesIO(done.stdout)).convert("RGB")
    if crop is None:
        return image
    column, row, width, height = crop
    left, top = LEFT + column * CELL_WIDTH, TOP + row * LINE_HEIGHT
    return image.crop((round(left), round(top), round(left + width * CELL_WIDTH), round(top + height * LINE_HEIGHT)))


def _spread(run: re.Match[str]) -> str:
    """One element a character: librsvg knows no textLength, and a font's own advance would not fill the cells."""
    style, x, y, clip, text = run.groups()
    elements, column = [], 0
    for character in html.unescape(text):
        if character not in " \xa0":
            elements.append(_character(character, style, float(x) + column * CELL_WIDTH, float(y), clip or ""))
        column += cell_len(character)
    return "".join(elements)


def _character(character: str, style: str, x: float, y: float, clip: str) -> str:
    """A character in its cell; blocks as rectangles, so that neighbours meet."""
    block = _BLOCKS.get(character)
    if block is not None:
        left, top, width, height = block
        top_edge = y - BASELINE + top * LINE_HEIGHT
        return (
            f'<rect class="{style}" x="{x + left * CELL_WIDTH:.2f}" y="{top_edge:.2f}" shape-rendering="crispEdges" '
            f'width="{width * CELL_WIDTH:.2f}" height="{height * LINE_HEIGHT:.2f}"{clip}/>'
        )
    font = ' style="font-family: DejaVu Sans Mono"' if character in _DEJAVU else ""
    return f'<text class="{style}" x="{x:.1f}" y="{y}"{font}{clip}>{html.escape(character)}</text>'


def save_png(image: Image.Image, path: Path) -> None:
    """Save with a palette of its own colours: a terminal has few."""
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def save_gif(frames: list[tuple[Image.Image, float]], path: Path) -> None:
    """Frames with the seconds that each is shown, over and over."""
    images = [image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE) for image, _ in frames]
    durations = [round(seconds * 1000) for _, seconds in frames]
    images[0].save(path, save_all=True, append_images=images[1:], duration=durations, loop=0, optimize=True, disposal=1)
