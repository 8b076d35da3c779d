"""Lets tap-salesforce sign in to an emulated org and choose the contacts' fields.

usage: python prepare.py BASE_URL FOLDER FIELD,…
"""

import json
import sys

from check import Check


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    base, folder, fields = sys.argv[1:]
    check = Check(base, folder)
    streams = json.loads(check.tap("--discover"))["streams"]
    [contact] = [stream for stream in streams if stream["stream"] == "Contact"]
    for entry in contact["metadata"]:
        about = entry["metadata"]
        if not entry["breadcrumb"]:
            about.update({"selected": True, "replication-method": "INCREMENTAL", "replication-key": "SystemModstamp"})
        else:
            about["selected"] = entry["breadcrumb"][1] in fields.split(",")
    check.write("catalog.json", {"streams": [contact]})


if __name__ == "__main__":
    main()
