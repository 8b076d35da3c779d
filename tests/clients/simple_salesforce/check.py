"""Signs simple-salesforce in to an emulated org and does what a client does all day.

usage: python check.py http://127.0.0.1:8791

simple-salesforce speaks only https, so a requests adapter sends what it
addresses to https://HOST to the emulator over http instead.
"""

import csv
import datetime
import sys
import tempfile
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

    def loads_many_through_jobs(self):
        people = [{"LastName": f"Job, {number}", "Email": f"job{number}.{RUN}@simple.example"} for number in range(450)]
        people[7]["LastName"] = ""
        [told] = self.org.bulk2.Contact.insert(records=people)
        assert (told["numberRecordsTotal"], told["numberRecordsFailed"]) == (450, 1), told
        failed = self.org.bulk2.Contact.get_failed_records(told["job_id"])
        assert "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --" in failed, failed
        done = self.org.bulk2.Contact.get_successful_records(told["job_id"])
        assert len(done.splitlines()) == 450 and '"sf__Id","sf__Created"' in done
        assert len(self.org.bulk2.Contact.get_unprocessed_records(told["job_id"]).splitlines()) == 1
        changed = [{**person, "LastName": "changed"} for person in people[:10]]
        [told] = self.org.bulk2.Contact.upsert(records=changed, external_id_field="Email")
        assert told["numberRecordsFailed"] == 0, told
        found = self.org.query(f"SELECT COUNT() FROM Contact WHERE LastName = 'changed' AND Email LIKE '%{RUN}%'")
        assert found["totalSize"] == 10

    def downloads_a_query_through_a_job(self):
        soql = f"SELECT Id, LastName FROM Contact WHERE Email LIKE '%.{RUN}@simple.example'"
        pages = list(self.org.bulk2.Contact.query(soql, max_records=100))
        rows = [row for page in pages for row in csv.DictReader(page.splitlines())]
        assert len(pages) == 5 and len(rows) == 450, (len(pages), len(rows))
        with tempfile.TemporaryDirectory() as folder:
            files = self.org.bulk2.Contact.download(soql, path=folder, max_records=200)
            assert [file["number_of_records"] for file in files] == [200, 200, 50], files
            told = [len(list(csv.DictReader(open(file["file"], encoding="utf-8")))) for file in files]
            assert told == [200, 200, 50], told
        everything = [{"Id": row["Id"]} for row in rows]
        told = self.org.bulk2.Contact.delete(records=everything)
        assert told[0]["numberRecordsFailed"] == 0, told
        deleted = list(self.org.bulk2.Contact.query_all(soql))
        assert len(list(csv.DictReader(deleted[0].splitlines()))) == 450

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
