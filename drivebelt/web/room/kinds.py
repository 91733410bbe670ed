"""The kinds of answers that a sheet can have; apart from what makes the questions, which loads the whole engine."""

CIRCLE, AT_CENTRE, OTHER, UNKNOWN = "circle", "centre", "other", "unknown"
"""Answers that name no body: an informal circle; the Centre, but not which of its bodies; a body not listed; cannot be told."""
NAMES = {
    CIRCLE: "An informal circle of a few leaders, no body at all",
    AT_CENTRE: "The Centre, but which of its bodies cannot be told",
    OTHER: "Another body, not listed here",
    UNKNOWN: "It cannot be told from what is left",
}
PASSES_ON = 0.05
"""Share of orders of its own below which a body only passes on."""
DECIDES = 0.15
"""Share of such orders from which one sees that it decides itself too; whatever lies between is asked of nobody."""
