"""Lets tap-salesforce pull an emulated org: its accounts, compared row by row, then every stream twice.

The tap asks for what has changed at or after the latest date it has seen, so that date's records come a second time;
nothing else that has not changed may.

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
from org import KEY, RUN, SECRET, Org, refresh_token  # noqa: E402

FIELDS = ["Id", "Name", "Phone", "AnnualRevenue", "NumberOfEmployees", "OwnerId", "IsDeleted", "CreatedDate",
          "SystemModstamp"]


class Check:
    def __init__(self, base, folder):
        self.base = base
        self.folder = pathlib.Path(folder)
        tokens = refresh_token(base)
        self.org = Org(base, tokens["access_token"])
        config = {"client_id": KEY, "client_secret": SECRET, "refresh_token": tokens["refresh_token"],
                  "start_date": "2000-01-01T00:00:00Z", "api_type": "REST", "select_fields_by_default": False}
        self.write("config.json", config)
        self.catalog = None
        self.state = None

    def write(self, name, content):
        (self.folder / name).write_text(json.dumps(content), encoding="utf-8")

    def tap(self, *arguments):
        command = [sys.executable, pathlib.Path(__file__).with_name("tap.py"), "--config", "config.json", *arguments]
        told = subprocess.run(command, cwd=self.folder, env={"SIGN_IN_AT": self.base}, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def messages(self, *arguments):
        return [json.loads(line) for line in self.tap("--properties", "catalog.json", *arguments).splitlines()]

    def pull(self, *arguments):
        """What one run of the tap pulls: rows by stream and id, and the state to go on from."""
        rows = {}
        state = None
        for message in self.messages(*arguments):
            if message["type"] == "RECORD":
                rows.setdefault(message["stream"], {})[message["record"]["Id"]] = message["record"]
            elif message["type"] == "STATE":
                state = message["value"]
        return rows, state

    def held(self, condition=""):
        """The accounts the org holds, by id."""
        return self.org.rows(f"SELECT {','.join(FIELDS)} FROM Account {condition}")

    def same(self, pulled, held):
        assert pulled.keys() == held.keys(), pulled.keys() ^ held.keys()
        for row_id, row in held.items():
            for field in FIELDS:
                found, expected = pulled[row_id][field], row[field]
                if field in ("CreatedDate", "SystemModstamp"):
                    found, expected = found[:19], expected[:19]
                assert found == expected, (row_id, field, found, expected)

    def save(self, records):
        return self.org.save("Account", records)

    def discovers_every_object(self):
        catalog = json.loads(self.tap("--discover"))
        names = {stream["stream"] for stream in catalog["streams"]}
        assert {"Account", "Lead", "Contact", "Task", "CampaignMember"} <= names, names
        [account] = [stream for stream in catalog["streams"] if stream["stream"] == "Account"]
        for entry in account["metadata"]:
            about = entry["metadata"]
            if not entry["breadcrumb"]:
                about["selected"] = True
                about["replication-method"] = "INCREMENTAL"
                about["replication-key"] = "SystemModstamp"
            else:
                about["selected"] = entry["breadcrumb"][1] in FIELDS
        self.write("catalog.json", {"streams": [account]})

    def pulls_everything_at_first(self):
        for start in range(0, 2200, 200):
            self.save([{"Name": f"tap {RUN} {start + number}", "AnnualRevenue": number * 1.5} for number in range(200)])
        rows, state = self.pull()
        pulled = rows["Account"]
        self.same(pulled, self.held())
        assert len(pulled) >= 2200
        self.write("state.json", state)
        self.state = state

    def pulls_what_changed_since(self):
        bookmark = self.state["bookmarks"]["Account"]["SystemModstamp"]
        time.sleep(1.1)  # a bookmark has whole seconds, and rows of that second come twice
        new = self.save([{"Name": f"tap {RUN} new"}])
        held = self.held(f"WHERE Name = 'tap {RUN} 7'")
        changed = self.save([{"Id": next(iter(held)), "Phone": "03-1234-5678"}])
        gone = next(iter(self.held(f"WHERE Name = 'tap {RUN} 8'")))
        self.org.delete("Account", gone)
        rows, _ = self.pull("--state", "state.json")
        pulled = rows["Account"]
        self.same(pulled, self.held(f"WHERE SystemModstamp >= {bookmark}"))
        assert {*new, *changed, gone} <= pulled.keys()
        assert pulled[gone]["IsDeleted"] and pulled[changed[0]]["Phone"] == "03-1234-5678"
        assert len(pulled) < len(self.held())

    def selects_every_field_of_every_stream(self):
        catalog = json.loads(self.tap("--discover"))
        self.keys = {}
        for stream in catalog["streams"]:
            [about] = [entry["metadata"] for entry in stream["metadata"] if not entry["breadcrumb"]]
            for entry in stream["metadata"]:
                entry["metadata"]["selected"] = True
            keys = about.get("valid-replication-keys")
            if keys:
                about["replication-method"] = "INCREMENTAL"
                about["replication-key"] = self.keys[stream["stream"]] = keys[0]
            else:
                about["replication-method"] = "FULL_TABLE"
        self.streams = [stream["stream"] for stream in catalog["streams"]]
        self.write("catalog.json", catalog)

    def pulls_every_stream(self):
        self.org.plant_activities()
        # Whatever was loaded last, all in one second, would come again: the latest date must be that of one record.
        time.sleep(1.1)
        self.org.change_one_of_each()
        rows, self.state = self.pull()
        for name in self.streams:
            pulled, held = rows.get(name, {}).keys(), self.org.ids(name)
            assert pulled == held, (name, pulled ^ held)
        self.write("state.json", self.state)

    def pulls_every_stream_again_without_what_did_not_change(self):
        time.sleep(1.1)
        since = self.org.now()
        changed = self.org.change_one_of_each()
        rows, _ = self.pull("--state", "state.json")
        for name, key in self.keys.items():
            bookmark = self.state["bookmarks"][name][key]
            pulled = rows.get(name, {})
            again = {row_id for row_id, row in pulled.items() if row[key][:19] < since[:19]}
            # A record that changes with another one has the same date, but no more than these do.
            assert len(again) <= 3, (name, again)
            assert all(pulled[row_id][key][:19] == bookmark[:19] for row_id in again), (name, again, bookmark)
            assert changed.get(name, set()) <= pulled.keys(), (name, changed[name], pulled.keys())


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python check.py BASE_URL")
    with tempfile.TemporaryDirectory() as folder:
        check = Check(sys.argv[1].rstrip("/"), folder)
        for name in [
            "discovers_every_object",
            "pulls_everything_at_first",
            "pulls_what_changed_since",
            "selects_every_field_of_every_stream",
            "pulls_every_stream",
            "pulls_every_stream_again_without_what_did_not_change",
        ]:
            try:
                getattr(check, name)()
            except Exception:
                traceback.print_exc()
                sys.exit(f"tap-salesforce {name.replace('_', ' ')}: FAILED")
            print(f"tap-salesforce {name.replace('_', ' ')}: ok", flush=True)


if __name__ == "__main__":
    main()
