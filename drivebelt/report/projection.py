"""The map of the country: its projection, and towns for orientation."""

from __future__ import annotations

import math

TOWNS = {
    "Moscow": (55.752, 37.618, 9, 9, "left"), "Leningrad": (59.939, 30.314, -8, 5, "right"),
    "Minsk": (53.9, 27.567, -8, 5, "right"), "Arkhangelsk": (64.546, 40.552, 0, 10, "center"),
    "Kharkov": (49.982, 36.255, -9, -9, "right"), "Odessa": (46.486, 30.744, -7, -7, "right"),
    "Rostov": (47.22, 39.708, 10, -4, "left"), "Tiflis": (41.691, 44.834, -10, -7, "right"),
    "Samara": (53.208, 50.136, 8, -8, "left"), "Baku": (40.378, 49.892, 8, -3, "left"),
    "Astrakhan": (46.35, 48.041, 8, -3, "left"), "Sverdlovsk": (56.857, 60.615, 0, 12, "center"),
    "Tashkent": (41.265, 69.216, 8, -9, "left"), "Ashkhabad": (37.95, 58.383, -7, -6, "right"),
    "Omsk": (54.992, 73.369, -4, -10, "center"), "Novosibirsk": (55.023, 82.932, 2, 11, "center"),
    "Irkutsk": (52.296, 104.291, -4, -11, "center"), "Yakutsk": (62.031, 129.723, -4, 9, "center"),
    "Vladivostok": (43.106, 131.874, -7, -4, "right"), "Petropavlovsk": (53.064, 158.628, 0, 10, "center"),
}  # fmt: skip
"""Towns for orientation: latitude, longitude, and where their name stands."""


def conic(latitude: float, longitude: float) -> tuple[float, float]:
    """Albers' equal-area conic projection with standard parallels 47 and 62, middle meridian 80 east; in earth radii."""
    one, two, middle, meridian = (math.radians(x) for x in (47.0, 62.0, 55.0, 80.0))
    n = (math.sin(one) + math.sin(two)) / 2
    c = math.cos(one) ** 2 + 2 * n * math.sin(one)
    rho, base = (math.sqrt(c - 2 * n * math.sin(x)) / n for x in (math.radians(latitude), middle))
    angle = n * (math.radians(longitude if longitude > 0 else longitude + 360) - meridian)
    return rho * math.sin(angle), base - rho * math.cos(angle)
