"""Lets Django's ORM keep its models in an emulated org, through django-salesforce and TLS.

usage: python check.py PATH_OF_THE_EMULATOR
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

import django
from django.conf import settings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import tls  # noqa: E402

# Sets a run apart from what earlier ones left in the same org.
RUN = time.time_ns()


def configure(url):
    settings.configure(
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
            "salesforce": {
                "ENGINE": "salesforce.backend",
                "HOST": url,
                "CONSUMER_KEY": "tsugite-emulator-key",
                "CONSUMER_SECRET": "tsugite-emulator-secret",
                "USER": "admin@emulator.example",
                "PASSWORD": "emulator",
            },
        },
        DATABASE_ROUTERS=["salesforce.router.ModelRouter"],
        SALESFORCE_DB_ALIAS="salesforce",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()


class Check:
    def __init__(self):
        from salesforce import models

        class Account(models.Model):
            Name = models.CharField(max_length=255)
            Phone = models.CharField(max_length=40, null=True)
            AnnualRevenue = models.DecimalField(max_digits=18, decimal_places=2, null=True)
            CreatedDate = models.DateTimeField(sf_read_only=models.READ_ONLY)

            class Meta(models.Model.Meta):
                app_label = "check"
                db_table = "Account"

        class Contact(models.Model):
            LastName = models.CharField(max_length=80)
            Email = models.EmailField(null=True)
            Account = models.ForeignKey("check.Account", models.DO_NOTHING, db_column="AccountId", null=True)

            class Meta(models.Model.Meta):
                app_label = "check"
                db_table = "Contact"

        self.accounts, self.contacts = Account.objects, Contact.objects
        self.account = None

    def creates_reads_changes(self):
        self.account = self.accounts.create(Name=f"Django {RUN}", AnnualRevenue=1234)
        assert len(self.account.pk) == 18
        read = self.accounts.get(pk=self.account.pk)
        assert (read.Name, read.AnnualRevenue) == (f"Django {RUN}", 1234)
        assert read.CreatedDate.tzinfo is not None
        read.Phone = "03-1234-5678"
        read.save()
        assert self.accounts.filter(Phone="03-1234-5678", Name=f"Django {RUN}").count() == 1

    def follows_a_lookup(self):
        self.contacts.create(LastName="佐藤", Email="sato@django.example", Account=self.account)
        found = self.contacts.select_related("Account").get(Account__Name=f"Django {RUN}")
        assert (found.LastName, found.Account.pk) == ("佐藤", self.account.pk)
        assert list(self.contacts.filter(Account=self.account).values_list("LastName", flat=True)) == ["佐藤"]

    def writes_many_at_once(self):
        people = [self.contacts.model(LastName=f"Django {number}", Account=self.account) for number in range(250)]
        self.contacts.bulk_create(people)
        kept = self.contacts.filter(Account=self.account, LastName__startswith="Django ")
        assert kept.count() == 250
        assert len(list(kept.order_by("LastName"))) == 250
        kept.filter(LastName="Django 7").update(Email="seven@django.example")
        assert self.contacts.get(Email="seven@django.example").LastName == "Django 7"

    def hears_why_it_is_refused(self):
        from salesforce.dbapi.exceptions import SalesforceError

        try:
            self.contacts.create(LastName="x", Email="not an address")
        except SalesforceError as error:
            assert "INVALID_EMAIL_ADDRESS" in str(error), error
            return
        raise AssertionError("an invalid address was saved")

    def deletes(self):
        self.contacts.filter(Account=self.account)[:1].get().delete()
        assert self.contacts.filter(Account=self.account).count() == 250
        self.account.delete()
        assert not self.accounts.filter(pk=self.account.pk).exists()


def run():
    check = Check()
    for name in [name for name in vars(Check) if not name.startswith("_")]:
        try:
            getattr(check, name)()
        except Exception:
            traceback.print_exc()
            return f"django-salesforce {name.replace('_', ' ')}: FAILED"
        print(f"django-salesforce {name.replace('_', ' ')}: ok", flush=True)
    return None


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python check.py PATH_OF_THE_EMULATOR")
    with tempfile.TemporaryDirectory() as folder:
        front = tls.Front(folder)
        os.environ["REQUESTS_CA_BUNDLE"] = str(front.authority)
        command = [sys.argv[1], "127.0.0.1:0", "empty", front.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
            try:
                address = urllib.parse.urlsplit(emulator.stdout.readline().split()[1])
                front.serve((address.hostname, address.port))
                configure(front.url)
                failed = run()
            finally:
                emulator.terminate()
    sys.exit(failed)


if __name__ == "__main__":
    main()
