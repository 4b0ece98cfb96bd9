"""`python -m pipeline` is `outreach`."""

from pipeline.cli import main

main()
