"""What a browser needs before any page: the access code, the teacher's secret, static files."""
