"""The plots of the report, as SVG files that are readable on white and on dark pages: no background, middle greys."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INK = "#7d8590"
OURS, OTHERS, SECOND = "#2f81f7", "#8b949e", "#d29922"


def can_plot() -> bool:
    """Tell whether matplotlib is there (deploy/requirements-bench.txt)."""
    return find_spec("matplotlib") is not None


def _figure(width: float, height: float, panels: int = 1) -> tuple[Any, list[Any]]:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "newscrawl",
            "font.family": "sans-serif",
            "font.size": 11,
            "savefig.transparent": True,
            **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor"), INK),
        }
    )
    figure, axes = plt.subplots(1, panels, figsize=(width, height), squeeze=False)
    for axis in axes[0]:
        axis.spines[["top", "right"]].set_visible(False)
    return figure, list(axes[0])


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot as plt

    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)


def _bars(axis: Any, names: Sequence[str], values: Sequence[float], form: str, title: str) -> None:
    places = range(len(names))
    ours = "newscrawl" in names
    colours = [OTHERS if ours and name != "newscrawl" else OURS for name in names]
    axis.barh(places, values, color=colours, height=0.68)
    axis.set_yticks(places, names)
    axis.invert_yaxis()
    axis.set_title(title, loc="left", fontsize=11, color=INK)
    axis.set_xlim(0, max(values) * 1.18)
    axis.tick_params(left=False)
    axis.spines["left"].set_visible(False)
    for place, value in zip(places, values, strict=True):
        axis.text(value + max(values) * 0.015, place, form.format(value), va="center", color=INK)


def bars(path: Path, panels: Sequence[tuple[str, str, dict[str, float]]]) -> None:
    """Draw horizontal bars; each panel is a title, how values are written, and values by name."""
    figure, axes = _figure(5.2 * len(panels), 0.8 + 0.42 * max(len(values) for _, _, values in panels), len(panels))
    for axis, (title, form, values) in zip(axes, panels, strict=True):
        _bars(axis, list(values), list(values.values()), form, title)
    _save(figure, path)


def lines(path: Path, title: str, series: dict[str, list[tuple[float, float]]]) -> None:
    """Draw memory against the size of the corpus."""
    figure, (axis,) = _figure(7.5, 3.4)
    highest = 0.0
    for colour, (name, points) in zip((OURS, SECOND, OTHERS), series.items(), strict=False):
        peaks = [y for _, y in points]
        highest = max(highest, *peaks)
        axis.plot([x for x, _ in points], peaks, marker="o", color=colour, linewidth=2)
        axis.annotate(name, points[-1], xytext=(-4, 9), textcoords="offset points", color=INK, ha="right")
    axis.set_xscale("log")
    sizes = sorted({x for points in series.values() for x, _ in points})
    axis.set_xticks(sizes, [f"{size:,.0f}" for size in sizes])
    axis.minorticks_off()
    axis.set_ylim(0, highest * 1.3)
    axis.set_xlabel("records in the archive")
    axis.set_ylabel("greatest memory, MiB")
    axis.set_title(title, loc="left", fontsize=11, color=INK)
    axis.grid(axis="y", color=INK, alpha=0.25, linewidth=0.6)
    _save(figure, path)
