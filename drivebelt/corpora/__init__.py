"""Readers of published corpora: documentary editions in TEI (`tei.py`), tables in workbooks (`workbook.py`).

    safe_xml.py -> tei.py -> series.py -> edition.py     an edition's papers, their numbered series, an archive of them
         |
    workbook.py                                          rows of the first sheet of an .xlsx file

They read files of others, and refuse with one clear line what is damaged, too large or dangerous.
"""
