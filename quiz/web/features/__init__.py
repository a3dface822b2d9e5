"""One module a page, found by its `router`: a new page is a new file here and its template."""
