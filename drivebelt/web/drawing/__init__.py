"""Figures of the page that are drawn here, as SVG with the colours of the style sheet; `report.drawing` draws the others."""
