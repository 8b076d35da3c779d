"""What the checks of pulling clients need of an emulated org: a long sign-in, what it holds, and a few changes."""

import time
import urllib.parse

import requests

KEY = "tsugite-emulator-key"
SECRET = "tsugite-emulator-secret"
CALLBACK = "http://127.0.0.1:9/callback"
# Sets a run apart from what earlier ones left in the same org.
RUN = time.time_ns()

# For each object that programs write, a field that anybody may change.
CHANGES = {
    "Account": {"Phone": "03-0000-0001"},
    "Campaign": {"Description": f"changed {RUN}"},
    "Contact": {"Phone": "03-0000-0002"},
    "Event": {"Location": f"changed {RUN}"},
    "Lead": {"Phone": "03-0000-0003"},
    "Opportunity": {"Description": f"changed {RUN}"},
    "Task": {"Description": f"changed {RUN}"},
    "User": {"Title": f"changed {RUN}"},
}


def refresh_token(base):
    """Signs in as a browser does, which is the only way to get a token for a long time."""
    query = urllib.parse.urlencode(
        {"response_type": "code", "client_id": KEY, "redirect_uri": CALLBACK, "scope": "api refresh_token"}
    )
    person = {"request": query, "username": "admin@emulator.example", "password": "emulator"}
    browser = requests.Session()
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


class Org:
    """An emulated org, asked without the client under test."""

    def __init__(self, base, access_token):
        self.base = base
        self.data = f"{base}/services/data/v61.0"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {access_token}"

    def rows(self, soql):
        """Everything a query finds, deleted records too, by id."""
        told = self.session.get(f"{self.data}/queryAll", params={"q": soql}).json()
        rows = told["records"]
        while not told["done"]:
            told = self.session.get(self.base + told["nextRecordsUrl"]).json()
            rows += told["records"]
        return {row["Id"]: row for row in rows}

    def ids(self, name, condition=""):
        return set(self.rows(f"SELECT Id FROM {name} {condition}"))

    def now(self):
        """The org's time, in whole seconds as its dates have them."""
        told = self.session.get(f"{self.base}/emulator/clock").json()
        return told["now"][:19] + "Z"

    def save(self, name, records):
        """Creates records, or changes those that have an id; returns their ids."""
        records = [{"attributes": {"type": name}, **record} for record in records]
        method = "PATCH" if "Id" in records[0] else "POST"
        told = self.session.request(method, f"{self.data}/composite/sobjects", json={"records": records}).json()
        assert all(item["success"] for item in told), told
        return [item["id"] for item in told]

    def delete(self, name, row_id):
        self.session.delete(f"{self.data}/sobjects/{name}/{row_id}").raise_for_status()

    def plant_activities(self):
        """Tasks, events, and a campaign with a member: what a new org has none of."""
        [lead] = self.save("Lead", [{"LastName": f"{RUN}", "Company": "client", "Email": "Client@Example.JP"}])
        [campaign] = self.save("Campaign", [{"Name": f"client {RUN}", "StartDate": "2026-05-22"}])
        self.save("CampaignMember", [{"CampaignId": campaign, "LeadId": lead}])
        self.save("Task", [{"Subject": f"client {number}", "WhoId": lead} for number in range(3)])
        start = {"StartDateTime": "2026-05-22T10:00:00Z", "DurationInMinutes": 30, "WhoId": lead}
        self.save("Event", [{"Subject": f"client {number}", **start} for number in range(3)])

    def change_one_of_each(self):
        """Changes one record of each object that programs write; returns the ids by object."""
        changed = {}
        for name, fields in CHANGES.items():
            row_id = next(iter(self.session.get(
                f"{self.data}/query", params={"q": f"SELECT Id FROM {name} ORDER BY Id LIMIT 1"}
            ).json()["records"]))["Id"]
            changed[name] = set(self.save(name, [{"Id": row_id, **fields}]))
        return changed
