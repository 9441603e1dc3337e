"""The wire: HTTP API, web form and command line."""
