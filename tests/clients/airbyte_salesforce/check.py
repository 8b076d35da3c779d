"""Lets Airbyte's Salesforce source pull every stream of an emulated org twice, by REST and by Bulk API 2.0.

The first run must bring everything the org holds, the second one what has changed since and nothing else.

usage: python check.py http://127.0.0.1:8791
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from org import KEY, SECRET, Org, refresh_token  # noqa: E402

# The source's own stream about objects, which are no records.
NO_RECORDS = {"Describe"}


class Check:
    def __init__(self, base, folder, bulk):
        self.base = base
        self.folder = pathlib.Path(folder)
        tokens = refresh_token(base)
        self.org = Org(base, tokens["access_token"])
        config = {"client_id": KEY, "client_secret": SECRET, "refresh_token": tokens["refresh_token"],
                  "auth_type": "Client", "is_sandbox": False, "start_date": "2000-01-01T00:00:00Z",
                  "stream_slice_step": "P36500D", "lookback_window": "PT0S", "force_use_bulk_api": bulk}
        self.write("config.json", config)
        self.streams = []
        self.states = {}

    def write(self, name, content):
        (self.folder / name).write_text(json.dumps(content), encoding="utf-8")

    def source(self, *arguments):
        """What the source says, message by message."""
        command = [sys.executable, pathlib.Path(__file__).with_name("source.py"), *arguments, "--config", "config.json"]
        told = subprocess.run(command, cwd=self.folder, env={"SIGN_IN_AT": self.base}, capture_output=True, text=True)
        messages = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("{")]
        errors = [message["trace"]["error"] for message in messages
                  if message["type"] == "TRACE" and message["trace"]["type"] == "ERROR"]
        faults = [f"{error.get('message')}: {error.get('internal_message')}\n{error.get('stack_trace')}" for error in errors]
        assert told.returncode == 0 and not faults, "\n".join(faults) or told.stdout[-3000:] + told.stderr[-3000:]
        return messages

    def pull(self):
        """What one run pulls, as rows by stream and id; remembers where to go on from."""
        if self.states:
            self.write("state.json", list(self.states.values()))
        more = ["--state", "state.json"] if self.states else []
        rows = {stream["name"]: {} for stream in self.streams}
        for message in self.source("read", "--catalog", "catalog.json", *more):
            if message["type"] == "RECORD":
                record = message["record"]
                rows[record["stream"]][record["data"].get("Id", len(rows[record["stream"]]))] = record["data"]
            elif message["type"] == "STATE":
                state = message["state"]
                self.states[state["stream"]["stream_descriptor"]["name"]] = state
        return rows

    def discovers_every_object(self):
        [catalog] = [message["catalog"] for message in self.source("discover") if message["type"] == "CATALOG"]
        self.streams = [stream for stream in catalog["streams"] if stream["name"] not in NO_RECORDS]
        names = {stream["name"] for stream in self.streams}
        assert {"Account", "Campaign", "CampaignMember", "Contact", "Event", "Lead", "Task", "User"} <= names, names
        self.write("catalog.json", {"streams": [self.configured(stream) for stream in self.streams]})

    def configured(self, stream):
        mode = "incremental" if self.is_incremental(stream) else "full_refresh"
        return {"stream": stream, "sync_mode": mode, "destination_sync_mode": "append",
                "cursor_field": stream.get("default_cursor_field")}

    def is_incremental(self, stream):
        return "incremental" in stream["supported_sync_modes"]

    def pulls_everything_at_first(self):
        self.org.plant_activities()
        time.sleep(1.1)  # dates have whole seconds, and a run leaves out the one in which it begins
        for name, rows in self.pull().items():
            held = self.org.ids(name)
            assert rows.keys() == held, (name, rows.keys() ^ held)

    def pulls_what_changed_since_and_nothing_else(self):
        time.sleep(1.1)
        since = self.org.now()
        changed = self.org.change_one_of_each()
        time.sleep(1.1)
        pulled = self.pull()
        for stream in filter(self.is_incremental, self.streams):
            name = stream["name"]
            # Some records change with others, as a campaign's members do with their leads.
            held = self.org.ids(name, f"WHERE {stream['default_cursor_field'][0]} >= {since}")
            assert pulled[name].keys() == held, (name, pulled[name].keys() ^ held)
            assert changed.get(name, set()) <= held and len(held) <= 3, (name, held)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python check.py BASE_URL")
    steps = ["discovers_every_object", "pulls_everything_at_first", "pulls_what_changed_since_and_nothing_else"]
    for transport, bulk in [("REST", False), ("Bulk", True)]:
        with tempfile.TemporaryDirectory() as folder:
            check = Check(sys.argv[1].rstrip("/"), folder, bulk)
            for name in steps:
                begun = time.monotonic()
                try:
                    getattr(check, name)()
                except Exception:
                    traceback.print_exc()
                    sys.exit(f"airbyte-source-salesforce by {transport} {name.replace('_', ' ')}: FAILED")
                took = time.monotonic() - begun
                print(f"airbyte-source-salesforce by {transport} {name.replace('_', ' ')}: ok ({took:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
