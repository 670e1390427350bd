#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""
What PyBitmessage's message view makes of a message, without its window: the
text on stdin goes through the parser that the view uses (safehtmlparser.py,
as it stands in the checkout), and one JSON line tells the outcome:

  {"has_html": ..., "plain": ..., "html": ...}

"plain" is what it shows first, "html" what a click on "HTML detected, click
here to display" shows.

  pybitmessage-view.py --src DIR < MESSAGE

Start it with any Python: it re-executes itself with a Python 2.7.
"""
from __future__ import print_function

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def find_python27():
    """The one that the driver of the whole program would take"""
    from importlib.util import module_from_spec, spec_from_file_location
    spec = spec_from_file_location(
        'driver', os.path.join(HERE, 'peer-pybitmessage.py'))
    driver = module_from_spec(spec)
    spec.loader.exec_module(driver)
    return driver.find_python27(None)


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    p.add_argument('--src', required=True, help='PyBitmessage checkout')
    opts = p.parse_args()
    if sys.version_info[:2] != (2, 7):
        python = find_python27()
        os.execv(python, [python, os.path.abspath(__file__)] + sys.argv[1:])

    sys.dont_write_bytecode = True
    sys.path.insert(0, HERE)
    import pybm_env
    sys.path.insert(0, os.path.join(
        pybm_env.locate_src(opts.src), 'bitmessageqt'))
    from safehtmlparser import SafeHTMLParser
    view = SafeHTMLParser()     # as MessageView.setContent does
    view.reset()
    view.reset_safe()
    view.allow_picture = True
    view.feed(sys.stdin.read())
    view.close()
    print(json.dumps({
        'has_html': bool(view.has_html), 'plain': view.raw,
        'html': view.sanitised}))


if __name__ == '__main__':
    main()
