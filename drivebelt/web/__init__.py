"""The laboratory in a browser: every page has an address of its own, works without JavaScript, and has a twin in JSON.

Data flows one way: an address is matched with a view (`views/`), a pure function from what was asked (`asked.Asked`) to a page
(`page.Page`: content, tables, figures); `app` writes the page in the form that was asked for: HTML, JSON, a table as CSV, a figure
as SVG or PNG. Runs come from the shelf (`library`), figures from `report` and `web.drawing`.
"""
