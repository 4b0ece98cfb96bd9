"""The nightly run's steps as plain functions, in order: receive, settle, measure, hand back, publish.

Dagster's assets (defs/) wrap them and `outreach restore` and `--as-known-on` call them, so that there is one way to run.
Not here: any rule about numbers (intake, measures), any SQL (measures/sql), when a run starts (defs/automation.py).
"""
