#!/usr/bin/env python3
"""Seconds in which pandas loads a table. usage: pandas_load.py FILE"""
import sys
import time

import pandas

start = time.perf_counter()
rows = len(pandas.read_csv(sys.argv[1], parse_dates=["signup_date"]))
print("rows", rows)
print("load %.3f s" % (time.perf_counter() - start))
