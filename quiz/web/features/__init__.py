"""One module per page, found by its `router`. A new page needs a new file here and a template."""
