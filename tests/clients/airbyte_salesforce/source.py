"""Runs Airbyte's Salesforce source as it is published, but lets it sign in to an emulated org.

usage: SIGN_IN_AT=http://127.0.0.1:8791 python source.py read --config …

The source knows one address by heart, that of the sign-in; everything else it
asks where the sign-in tells it to.
"""

import os
import sys
import urllib.parse

import requests
from source_salesforce.run import run

BY_HEART = "https://login.salesforce.com/"
published = requests.adapters.HTTPAdapter.send


def send(self, request, **options):
    if request.url.startswith(BY_HEART):
        path = urllib.parse.urlsplit(request.url).path
        request.url = os.environ["SIGN_IN_AT"] + path
    return published(self, request, **options)


requests.adapters.HTTPAdapter.send = send
sys.exit(run())
