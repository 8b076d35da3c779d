"""The server's own pull of an org, measured from outside: it runs as it does in production."""

import os
import pathlib
import subprocess
import time
import urllib.error

import org

SYSTEM = {"Id", "SystemModstamp"}
CHANGED = 10_000


class Server:
    def __init__(self, program, base, address):
        self.environment = os.environ | {
            "TSUGITE_DATABASE_URL": address,
            "TSUGITE_SECRET_KEY": "a key of a measurement that is long enough to be one",
            "TSUGITE_ALLOWED_HOSTS": base,
            "TSUGITE_LISTEN": "127.0.0.1:0",
            "TSUGITE_LOG": "error",
        }
        make = [program, "api-key", "create", "--workspace", "main", "--name", "measurement"]
        told = subprocess.run(make, check=True, env=self.environment, capture_output=True, text=True)
        self.key = told.stdout.strip()
        self.program, self.process = program, None
        self.restart()

    def restart(self, **settings):
        if self.process:
            org.stop(self.process)
        environment = self.environment | settings
        self.process = subprocess.Popen([self.program, "serve"], env=environment, stdout=subprocess.PIPE)
        self.url = org.ready(self.process) + "/api/v1"

    def call(self, method, path, body=None):
        return org.call(method, self.url + path, body, self.key)

    def connect(self, base):
        connection = {"flow": "client_credentials", "environment": base, "consumer_key": org.SIGN_IN["client_id"],
                      "consumer_secret": org.SIGN_IN["client_secret"]}
        self.call("POST", "/salesforce/connection", connection)
        self.call("POST", "/salesforce/preflight", {})

    def sync(self):
        """Refreshes, waits until it is over and gives the run with its seconds."""
        while True:
            try:
                times = org.Stopwatch()
                path = f"/runs/{self.call('POST', '/synced-fields/sync', {})['run']}"
                break
            except urllib.error.HTTPError as error:
                if error.code not in (409, 429):
                    raise
                time.sleep(0.1)
        run = self.call("GET", path)
        while run["state"] in ("waiting", "running"):
            # Asking takes a core's time too: the pause is a fiftieth of what has gone by, and counts against the server.
            time.sleep(max(0.02, times.seconds() / 50))
            run = self.call("GET", path)
        if run["state"] != "done":
            raise RuntimeError(f"the run came to nothing: {run}")
        return run | {"seconds": times.seconds()}

    def cpu_seconds(self):
        """What the process has used so far, in both modes."""
        counted = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(counted[11]) + int(counted[12])) / os.sysconf("SC_CLK_TCK")

    def peak_megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024


def refreshed(what, emulated, server):
    """Refreshes, and tells what the org has counted; a night that comes in between costs its own one call."""
    known = len(server.call("GET", "/runs")["runs"])
    emulated.forget_calls()
    org.settle()
    used = server.cpu_seconds()
    run = server.sync()
    used = server.cpu_seconds() - used
    counted = emulated.counted()
    nights = len(server.call("GET", "/runs")["runs"]) - known - 1
    return {"tool": what, "rows": run["receipt"]["received"].get("Contact", 0), "seconds": run["seconds"],
            "cpu": used,
            "calls": counted["calls"] - nights, "bytes": counted["bytes"], "megabytes": server.peak_megabytes()}


def results(program, emulated, address, fields, rows):
    """Pulls everything; then nothing, as nothing has changed; then some that have."""
    # What was made within the last quarter of an hour is asked for again.
    emulated.advance(3600)
    server = Server(program, emulated.base, address)
    try:
        server.connect(emulated.base)
        server.call("PUT", "/synced-fields", {"contact": [field for field in fields if field not in SYSTEM]})
        yield refreshed("Tsugite", emulated, server)
        # Somebody may ask once in two hours, which now pass in six seconds.
        server.restart(TSUGITE_SPEED="1200")
        yield refreshed("Tsugite, nothing changed", emulated, server)
        emulated.advance(3600)
        emulated.change(min(CHANGED, rows))
        yield refreshed(f"Tsugite, {min(CHANGED, rows):,} changed", emulated, server)
    finally:
        org.stop(server.process)
