"""Runs the test suites of AMQP clients that others wrote against a hub of ours, and judges what comes out."""
