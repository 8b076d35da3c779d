"""An emulated org in a process of its own, and the calls it counts."""

import json
import os
import subprocess
import time
import urllib.parse
import urllib.request

SIGN_IN = {"grant_type": "client_credentials", "client_id": "tsugite-emulator-key",
           "client_secret": "tsugite-emulator-secret"}


class Stopwatch:
    def __init__(self):
        self.begun = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.begun


def settle():
    """Waits until all that was written is on the disk, so that nobody pays for what went before."""
    os.sync()


def call(method, url, body=None, token=None):
    """Sends JSON and gives the JSON that comes back."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = answer.read()
        return json.loads(told) if told else None


def token(base):
    form = urllib.parse.urlencode(SIGN_IN).encode()
    with urllib.request.urlopen(f"{base}/services/oauth2/token", data=form, timeout=60) as answer:
        return json.load(answer)["access_token"]


def ready(process):
    """Waits for the line in which a server tells its address."""
    told = process.stdout.readline().decode().split()
    if told[:1] != ["ready"]:
        raise RuntimeError("a server did not start")
    return told[1]


def stop(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Org:
    def __init__(self, program, rows):
        command = [program, "emulator", "--listen", "127.0.0.1:0", "--seed", f"rows:{rows}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.base = None

    def __enter__(self):
        self.base = ready(self.process)
        return self

    def __exit__(self, *_):
        stop(self.process)

    def counted(self):
        """Calls, and bytes as they went over the line, since they were last forgotten."""
        told = call("GET", f"{self.base}/emulator/requests")
        return {"calls": told["api_calls"], "bytes": told["bytes_sent"]}

    def forget_calls(self):
        call("DELETE", f"{self.base}/emulator/requests")

    def advance(self, seconds):
        call("POST", f"{self.base}/emulator/clock", {"advance_seconds": seconds})

    def change(self, number):
        """Changes so many contacts."""
        authority, url = token(self.base), f"{self.base}/services/data/v66.0"
        soql = urllib.parse.quote(f"SELECT Id FROM Contact LIMIT {number}")
        page, ids = call("GET", f"{url}/query?q={soql}", token=authority), []
        while True:
            ids += [record["Id"] for record in page["records"]]
            if page["done"]:
                break
            page = call("GET", self.base + page["nextRecordsUrl"], token=authority)
        for start in range(0, len(ids), 200):
            records = [{"attributes": {"type": "Contact"}, "id": one, "Title": f"changed {start}"}
                       for one in ids[start:start + 200]]
            call("PATCH", f"{url}/composite/sobjects", {"allOrNone": True, "records": records}, authority)
