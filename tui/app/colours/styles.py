"""What our styles are made of besides a theme's own variables: in all colours, and in the terminal's own sixteen."""

from __future__ import annotations

from typing import Final

HUES: Final = ("primary", "secondary", "accent", "success", "warning", "error")
TILES: Final = ("primary", "success", "warning", "secondary")  # grounds of the treemap

STYLES: Final = {
    "block-cursor-text-style": "none",
    "block-cursor-blurred-text-style": "none",
    "input-cursor-text-style": "none",
    "muted": "$foreground-muted",
    "faint": "$foreground-disabled",
    "cursor-row": "on $block-cursor-background",
    **{f"tile-{place}": f"$on-{hue}-muted on ${hue}-muted" for place, hue in enumerate(TILES)},
    **{f"edge-{place}": f"${hue}-muted" for place, hue in enumerate(TILES)},
    "tile-rest": "$on-rest on $rest",
    "edge-rest": "$rest",
    "tile-lit": "$on-primary on $primary",
    "edge-lit": "$primary",
    **{f"badge-{hue}": f"$on-{hue}-muted on ${hue}-muted" for hue in HUES},
    "badge-muted": "$on-rest on $rest",
}
_NAMED: Final = dict(zip(HUES, ("blue", "cyan", "blue", "green", "yellow", "red"), strict=True))
# Of the terminal's own colours nothing is known but that its letters read on its background, turned round too. No
# bright black: some schemes have it for their background. A ground is a colour turned round.
SIXTEEN: Final = {
    **dict.fromkeys(
        (
            *("background", "surface", "panel", "boost", "foreground", "border-blurred", "text-muted", "text-disabled"),
            *("foreground-muted", "foreground-disabled"),
            *("block-cursor-foreground", "block-cursor-background", "footer-background", "footer-foreground"),
            *("block-cursor-blurred-foreground", "block-cursor-blurred-background", "footer-description-foreground"),
            *("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active"),
            *("input-cursor-foreground", "input-cursor-background", "input-selection-foreground"),
            *("scrollbar-corner-color", "ansi-background", "ansi-foreground"),
        ),
        "ansi_default",
    ),
    **{f"text-{name}": f"ansi_{color}" for name, color in _NAMED.items()},
    **dict.fromkeys(
        ("border", "footer-key-foreground", "scrollbar", "scrollbar-hover", "scrollbar-active"), "ansi_blue"
    ),
    **dict.fromkeys(("input-selection-background", "screen-selection-background"), "ansi_blue"),
    **dict.fromkeys(
        ("block-cursor-text-style", "block-cursor-blurred-text-style", "input-cursor-text-style"), "reverse"
    ),
    "muted": "dim",
    "faint": "dim",
    "cursor-row": "reverse",
    **{f"tile-{place}": f"ansi_{_NAMED[hue]} reverse" for place, hue in enumerate(TILES)},
    **{f"edge-{place}": f"ansi_{_NAMED[hue]}" for place, hue in enumerate(TILES)},
    "tile-rest": "dim reverse",
    "edge-rest": "dim",
    "tile-lit": "reverse bold",
    "edge-lit": "bold",
    **{f"badge-{hue}": f"ansi_{color}" for hue, color in _NAMED.items()},
    "badge-muted": "dim",
}
