"""The parts of tools/check_spec.py, one for each thing that it holds together."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
