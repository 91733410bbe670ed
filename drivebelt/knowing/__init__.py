"""What could somebody know on a day: from the tables of a run alone, with the act that told him."""
