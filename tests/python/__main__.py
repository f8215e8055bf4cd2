"""Runs every test of this folder: `AGENTUSER_NATIVE_LIBRARY=… python3 tests/python`."""

import pathlib
import sys
import unittest

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here))
import support  # noqa: E402, F401

suite = unittest.defaultTestLoader.discover(str(here))
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
failed = len({str(test) for test, _ in result.failures + result.errors})
print(f"{result.testsRun - failed} passed, {failed} failed")
sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
