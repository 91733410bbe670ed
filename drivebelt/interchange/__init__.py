"""Interchange: runs and archives out to OCEL 2.0, CSV and GraphML; archives of other fields in from OCEL 2.0, CSV and mail.

One module for each format. What goes out is streamed in batches; what comes in ends in an archive directory with a report of
everything that was dropped and why.
"""
