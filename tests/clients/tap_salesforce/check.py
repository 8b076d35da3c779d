"""Lets tap-salesforce pull an emulated org's accounts, and compares what it got row by row.

usage: python check.py http://127.0.0.1:8791
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

import requests

KEY = "tsugite-emulator-key"
SECRET = "tsugite-emulator-secret"
CALLBACK = "http://127.0.0.1:9/callback"
FIELDS = ["Id", "Name", "Phone", "AnnualRevenue", "NumberOfEmployees", "OwnerId", "IsDeleted", "CreatedDate",
          "SystemModstamp"]
# Sets a run apart from what earlier ones left in the same org.
RUN = time.time_ns()


def refresh_token(base):
    """Signs in as a browser does, which is the only way to get a token for a long time."""
    query = urllib.parse.urlencode(
        {"response_type": "code", "client_id": KEY, "redirect_uri": CALLBACK, "scope": "api refresh_token"}
    )
    browser = requests.Session()
    person = {"request": query, "username": "admin@emulator.example", "password": "emulator"}
    answer = browser.post(f"{base}/login", data=person, allow_redirects=False)
    answer = browser.get(urllib.parse.urljoin(base, answer.headers["location"]), allow_redirects=False)
    if answer.status_code == 200:
        answer = browser.post(
            f"{base}/consent", data={"request": query, "decision": "allow"}, allow_redirects=False
        )
    [code] = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": KEY,
            "client_secret": SECRET}
    return requests.post(f"{base}/services/oauth2/token", data=form).json()


class Check:
    def __init__(self, base, folder):
        self.base = base
        self.folder = pathlib.Path(folder)
        tokens = refresh_token(base)
        self.org = requests.Session()
        self.org.headers["Authorization"] = f"Bearer {tokens['access_token']}"
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

    def pull(self, *arguments):
        """What one run of the tap pulls: rows by id, and the state to go on from."""
        messages = [json.loads(line) for line in self.tap("--properties", "catalog.json", *arguments).splitlines()]
        rows = {message["record"]["Id"]: message["record"] for message in messages if message["type"] == "RECORD"}
        states = [message["value"] for message in messages if message["type"] == "STATE"]
        return rows, states[-1]

    def held(self, condition=""):
        """What the org holds, by id."""
        url = f"{self.base}/services/data/v61.0/queryAll"
        told = self.org.get(url, params={"q": f"SELECT {','.join(FIELDS)} FROM Account {condition}"}).json()
        rows = told["records"]
        while not told["done"]:
            told = self.org.get(self.base + told["nextRecordsUrl"]).json()
            rows += told["records"]
        return {row["Id"]: row for row in rows}

    def same(self, pulled, held):
        assert pulled.keys() == held.keys(), pulled.keys() ^ held.keys()
        for row_id, row in held.items():
            for field in FIELDS:
                found, expected = pulled[row_id][field], row[field]
                if field in ("CreatedDate", "SystemModstamp"):
                    found, expected = found[:19], expected[:19]
                assert found == expected, (row_id, field, found, expected)

    def save(self, records):
        records = [{"attributes": {"type": "Account"}, **record} for record in records]
        method = "PATCH" if "Id" in records[0] else "POST"
        told = self.org.request(
            method, f"{self.base}/services/data/v61.0/composite/sobjects", json={"records": records}
        ).json()
        assert all(item["success"] for item in told), told
        return [item["id"] for item in told]

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
        pulled, state = self.pull()
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
        self.org.delete(f"{self.base}/services/data/v61.0/sobjects/Account/{gone}").raise_for_status()
        pulled, _ = self.pull("--state", "state.json")
        self.same(pulled, self.held(f"WHERE SystemModstamp >= {bookmark}"))
        assert {*new, *changed, gone} <= pulled.keys()
        assert pulled[gone]["IsDeleted"] and pulled[changed[0]]["Phone"] == "03-1234-5678"
        assert len(pulled) < len(self.held())


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python check.py BASE_URL")
    with tempfile.TemporaryDirectory() as folder:
        check = Check(sys.argv[1].rstrip("/"), folder)
        for name in ["discovers_every_object", "pulls_everything_at_first", "pulls_what_changed_since"]:
            try:
                getattr(check, name)()
            except Exception:
                traceback.print_exc()
                sys.exit(f"tap-salesforce {name.replace('_', ' ')}: FAILED")
            print(f"tap-salesforce {name.replace('_', ' ')}: ok", flush=True)


if __name__ == "__main__":
    main()
