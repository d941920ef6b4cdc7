"""Documents for people and machines: OpenAPI, Swagger UI, ReDoc, and a page for each problem."""
