"""Pulls contacts with simple-salesforce into a table, as its documentation goes about it.

usage: python pull.py BASE_URL bulk2|rest sqlite:FILE|postgres:CONNECTION FIELD,…
"""

import csv
import io
import itertools
import sqlite3
import sys

from simple_salesforce import Salesforce

from check import NAME, PASSWORD, session_to


def rows_of(base, way, fields):
    org = Salesforce(username=NAME, password=PASSWORD, security_token="", session=session_to(base))
    soql = f"SELECT {','.join(fields)} FROM Contact"
    if way == "rest":
        for record in org.query_all_iter(soql):
            yield tuple(record[field] for field in fields)
    else:
        for page in org.bulk2.Contact.query(soql):
            for record in csv.DictReader(io.StringIO(page)):
                yield tuple(record[field] or None for field in fields)


def columns(fields):
    return ", ".join(f"{field} TEXT" + (" PRIMARY KEY" if field == "Id" else "") for field in fields)


def into_sqlite(file, fields, rows):
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(f"CREATE TABLE contact ({columns(fields)})")
    database.execute("CREATE INDEX contact_email ON contact (email)")
    places = ", ".join("?" for _ in fields)
    # Some at a time, so that memory does not grow with their number.
    while some := list(itertools.islice(rows, 10_000)):
        database.executemany(f"INSERT INTO contact VALUES ({places})", some)
        database.commit()
    return database.execute("SELECT COUNT(*) FROM contact").fetchone()[0]


def into_postgres(connection, fields, rows):
    import psycopg

    with psycopg.connect(connection) as database:
        database.execute(f"CREATE TABLE contact ({columns(fields)})")
        database.execute("CREATE INDEX contact_email ON contact (email)")
        with database.cursor().copy("COPY contact FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        database.commit()
        return database.execute("SELECT COUNT(*) FROM contact").fetchone()[0]


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    base, way, target, fields = sys.argv[1:]
    fields = fields.split(",")
    kind, _, place = target.partition(":")
    store = {"sqlite": into_sqlite, "postgres": into_postgres}[kind]
    print(store(place, fields, rows_of(base, way, fields)))


if __name__ == "__main__":
    main()
