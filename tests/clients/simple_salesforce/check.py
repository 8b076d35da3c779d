"""Signs simple-salesforce in to an emulated org and does what a client does all day.

usage: python check.py http://127.0.0.1:8791

simple-salesforce speaks only https, so a requests adapter sends what it
addresses to https://HOST to the emulator over http instead.
"""

import datetime
import sys
import time
import traceback
import urllib.parse

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceError,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

NAME = "admin@emulator.example"
PASSWORD = "emulator"
KEY = "tsugite-emulator-key"
SECRET = "tsugite-emulator-secret"
# Sets a run apart from what earlier ones left in the same org.
RUN = time.time_ns()


class ToEmulator(requests.adapters.HTTPAdapter):
    """Sends every https request to the emulator over http."""

    def __init__(self, base):
        self.base = urllib.parse.urlsplit(base)
        super().__init__()

    def send(self, request, **options):
        asked = urllib.parse.urlsplit(request.url)
        request.url = asked._replace(scheme=self.base.scheme, netloc=self.base.netloc).geturl()
        return super().send(request, **options)


def session_to(base):
    session = requests.Session()
    session.mount("https://", ToEmulator(base))
    return session


def refused(work, kind, code):
    try:
        work()
    except kind as error:
        found = error.content[0]["errorCode"]
        assert found == code, f"expected {code}, got {found}: {error.content}"
        return
    raise AssertionError(f"expected {code}, but nothing was refused")


class Check:
    def __init__(self, base):
        self.base = base
        self.org = None

    def signs_in_by_soap(self):
        org = Salesforce(username=NAME, password=PASSWORD, security_token="", session=session_to(self.base))
        assert org.query("SELECT COUNT() FROM User")["totalSize"] >= 1

    def refuses_a_wrong_password(self):
        try:
            Salesforce(username=NAME, password="wrong", security_token="", session=session_to(self.base))
        except SalesforceAuthenticationFailed as error:
            assert "INVALID_LOGIN" in str(error), error
            return
        raise AssertionError("a wrong password was accepted")

    def signs_in_with_client_credentials(self):
        self.org = Salesforce(
            consumer_key=KEY, consumer_secret=SECRET, domain="emulator.my", session=session_to(self.base)
        )
        assert self.org.limits()["DailyApiRequests"]["Max"] > 0

    def describes(self):
        names = [field["name"] for field in self.org.Lead.describe()["fields"]]
        assert "LastName" in names and "Company" in names
        assert any(entry["name"] == "Task" for entry in self.org.describe()["sobjects"])
        assert self.org.Lead.metadata()["objectDescribe"]["keyPrefix"] == "00Q"

    def creates_reads_changes_and_deletes(self):
        made = self.org.Lead.create({"LastName": "佐藤", "Company": "継手"})
        assert made["success"] and len(made["id"]) == 18
        assert self.org.Lead.get(made["id"])["LastName"] == "佐藤"
        assert self.org.Lead.update(made["id"], {"Title": "部長"}) == 204
        assert self.org.Lead.get(made["id"])["Title"] == "部長"
        assert self.org.Lead.delete(made["id"]) == 204
        refused(lambda: self.org.Lead.get(made["id"]), SalesforceResourceNotFound, "ENTITY_IS_DELETED")

    def upserts_by_email(self):
        key = f"Email/simple.{RUN}@salesforce.example"
        assert self.org.Contact.upsert(key, {"LastName": "田中"}) == 201
        assert self.org.Contact.upsert(key, {"Title": "課長"}) in (200, 204)
        found = self.org.Contact.get_by_custom_id("Email", key.split("/")[1])
        assert found["Title"] == "課長"

    def writes_many_at_once(self):
        kind = {"type": "Account"}
        records = [{"attributes": kind, "Name": f"simple {number}"} for number in range(200)]
        records[3] = {"attributes": kind, "Phone": "1"}
        told = self.org.restful("composite/sobjects", method="POST", json={"allOrNone": False, "records": records})
        assert len(told) == 200 and sum(item["success"] for item in told) == 199, told
        assert told[3]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
        told = self.org.restful("composite/sobjects", method="POST", json={"allOrNone": True, "records": records})
        codes = {item["errors"][0]["statusCode"] for item in told}
        assert codes == {"REQUIRED_FIELD_MISSING", "ALL_OR_NONE_OPERATION_ROLLED_BACK"}, codes

    def fetches_a_long_result_page_by_page(self):
        kind = {"type": "Account"}
        for start in range(0, 2200, 200):
            records = [{"attributes": kind, "Name": f"simple {RUN} {start + number}"} for number in range(200)]
            self.org.restful("composite/sobjects", method="POST", json={"records": records})
        soql = f"SELECT Id, Name, Owner.Name FROM Account WHERE Name LIKE 'simple {RUN} %'"
        first = self.org.query(soql)
        assert not first["done"] and len(first["records"]) == 2000
        second = self.org.query_more(first["nextRecordsUrl"], identifier_is_url=True)
        assert second["done"] and len(second["records"]) == 200
        everything = self.org.query_all(soql)
        assert len({row["Id"] for row in everything["records"]}) == 2200

    def hears_what_changed(self):
        end = datetime.datetime.now(tz=datetime.timezone.utc) + datetime.timedelta(minutes=5)
        told = self.org.Account.updated(end - datetime.timedelta(days=1), end)
        assert told["ids"] and told["latestDateCovered"]
        told = self.org.Lead.deleted(end - datetime.timedelta(days=1), end)
        assert told["deletedRecords"][0]["id"].startswith("00Q")

    def is_refused_in_the_words_of_salesforce(self):
        refused(lambda: self.org.Lead.create({"LastName": "x"}), SalesforceMalformedRequest, "REQUIRED_FIELD_MISSING")
        refused(lambda: self.org.query("SELECT Nope FROM Lead"), SalesforceMalformedRequest, "INVALID_FIELD")
        refused(lambda: self.org.Nope.describe(), SalesforceResourceNotFound, "NOT_FOUND")
        refused(lambda: self.org.Lead.get("23foo"), SalesforceResourceNotFound, "NOT_FOUND")

    def notices_that_its_session_has_ended(self):
        org = Salesforce(instance="emulator.my.salesforce.com", session_id="00D!dead", session=session_to(self.base))
        refused(org.limits, (SalesforceExpiredSession, SalesforceError), "INVALID_SESSION_ID")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python check.py BASE_URL")
    check = Check(sys.argv[1].rstrip("/"))
    for name in [name for name in vars(Check) if not name.startswith("_")]:
        try:
            getattr(check, name)()
        except Exception:
            traceback.print_exc()
            sys.exit(f"simple-salesforce {name.replace('_', ' ')}: FAILED")
        print(f"simple-salesforce {name.replace('_', ' ')}: ok")


if __name__ == "__main__":
    main()
