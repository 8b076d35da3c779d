"""Pulls the same contacts out of one emulated org with several programs, one after the other, and prints a table.

usage: python3 compare.py SERVER_PROGRAM INSTALLED_CLIENTS INSTALLED_PEERS ROWS… [--only NAME,…] [--memory]

Everything listens on the loopback only and ends with this program.
"""

import argparse
import os
import pathlib
import re
import subprocess
import tempfile

import org
import our_pull
import postgres

HERE = pathlib.Path(__file__).resolve().parent
FIELDS = "Id,AccountId,FirstName,LastName,Name,Email,Phone,Title,CreatedDate,SystemModstamp"
# Rows that are few enough to show what the server needs for none, and many.
FEW, MANY = 10_000, 1_000_000
# One line of state for every record: a million of them would take a quarter of an hour.
MOST_FOR_TAP = 100_000


def python(installed, name):
    return [installed / name / "bin" / "python"]


class Peers:
    """The commands of the programs, each of which prints how many rows it has stored."""

    def __init__(self, base, rows, clients, peers, folder, databases):
        self.base, self.rows, self.clients, self.peers = base, rows, clients, peers
        self.folder, self.databases = folder, databases

    def sqlite(self, name):
        return f"{self.folder / name}.db"

    def floor(self, kind):
        place = self.sqlite("floor") if kind == "sqlite" else self.databases.new()
        return [HERE / "floor" / "pull", self.base, kind, place, FIELDS], {}

    def simple_salesforce(self, way, kind):
        place = self.sqlite(f"simple-{way}") if kind == "sqlite" else self.databases.new()
        script = HERE / "simple_salesforce" / "pull.py"
        command = [*python(self.peers, "simple_salesforce"), script, self.base, way, f"{kind}:{place}", FIELDS]
        return command, {"PYTHONPATH": HERE.parent / "clients" / "simple_salesforce"}

    def jsforce(self, way, kind):
        targets = {"file": lambda: self.folder / "jsforce.csv", "sqlite": lambda: f"sqlite:{self.sqlite('jsforce')}",
                   "postgres": lambda: f"postgres:{self.databases.new()}"}
        return [self.node(), self.peers / "jsforce" / "pull.mjs", self.base, way, targets[kind](), FIELDS], {}

    def node(self):
        [node] = (self.clients / "salesforce_cli" / "node_modules").glob("node-linux-*/bin/node")
        return node

    def salesforce_cli(self):
        cli = [self.node(), self.clients / "salesforce_cli" / "node_modules" / "@salesforce" / "cli" / "bin" / "run.js"]
        settings = {"HOME": self.folder, "SF_DISABLE_TELEMETRY": "true", "SF_AUTOUPDATE_DISABLE": "true",
                    "SF_SKIP_NEW_VERSION_CHECK": "true", "SF_USE_GENERIC_UNIX_KEYCHAIN": "true"}
        login = [*cli, "org", "login", "access-token", "--instance-url", self.base, "--no-prompt"]
        token = {"SF_ACCESS_TOKEN": org.token(self.base)}
        subprocess.run(login, check=True, capture_output=True, cwd=self.folder, env=os.environ | text(settings | token))
        export = ["data", "export", "bulk", "--target-org", "admin@emulator.example", "--query",
                  f"SELECT {FIELDS} FROM Contact", "--output-file", self.folder / "cli.csv", "--result-format", "csv", "--wait", "20"]
        told = 'file=$1; shift; "$@" >/dev/null 2>&1; wc -l <"$file" | awk \'{print $1 - 1}\''
        return ["sh", "-c", told, "sh", self.folder / "cli.csv", *cli, *export], settings

    def tap(self):
        folder = self.folder / "tap"
        folder.mkdir()
        clients = HERE.parent / "clients" / "tap_salesforce"
        tap = python(self.clients, "tap_salesforce")
        prepare = [*tap, HERE / "tap_salesforce" / "prepare.py", self.base, folder, FIELDS]
        subprocess.run(prepare, check=True, env=os.environ | text({"PYTHONPATH": clients}))
        command = [*tap, clients / "tap.py", "--config", "config.json", "--properties", "catalog.json"]
        told = 'cd "$1" && shift && "$@" >rows.jsonl 2>/dev/null; grep -c \'"type": "RECORD"\' rows.jsonl'
        return ["sh", "-c", told, "sh", folder, *command], {"SIGN_IN_AT": self.base}

    def force(self):
        return [self.peers / "force" / "release" / "peer-force", self.base, self.folder / "force.jsonl", FIELDS], {}

    def all(self):
        yield "curl + sqlite3 .import (floor)", "SQLite, 2 indexes", lambda: self.floor("sqlite")
        yield "curl + psql \\copy (floor)", "PostgreSQL, 2 indexes", lambda: self.floor("postgres")
        for way, name in [("bulk2", "bulk2"), ("rest", "REST")]:
            for kind, how in [("sqlite", "SQLite, executemany"), ("postgres", "PostgreSQL, COPY")]:
                yield (f"simple-salesforce {name}", f"{how}, 2 indexes",
                       lambda way=way, kind=kind: self.simple_salesforce(way, kind))
        yield "jsforce bulk2", "CSV file", lambda: self.jsforce("bulk2", "file")
        yield "jsforce REST", "SQLite, 2 indexes", lambda: self.jsforce("rest", "sqlite")
        yield "jsforce REST", "PostgreSQL, UNNEST, 2 indexes", lambda: self.jsforce("rest", "postgres")
        yield "Salesforce CLI export bulk", "CSV file", self.salesforce_cli
        yield "force (Rust) bulk", "JSON lines file", self.force
        if self.rows <= MOST_FOR_TAP:
            yield "tap-salesforce REST", "JSON lines file", self.tap


def text(settings):
    return {name: str(value) for name, value in settings.items()}


def head(rows):
    print(f"\n{rows:,} contacts, ten fields: {FIELDS}")
    print(f"{'tool':<31} {'stores':<31} {'rows/s':>9} {'seconds':>8} {'CPU s':>7} {'calls':>6} {'MB sent':>8} {'peak MB':>8}", flush=True)


def measure(emulated, name, command, settings):
    """Runs a program to its end: how many rows it stored, in which time and memory, for how many calls."""
    emulated.forget_calls()
    org.settle()
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complaint:
        times = org.Stopwatch()
        process = subprocess.Popen([str(part) for part in command], stdout=told, stderr=complaint,
                                   env=os.environ | text(settings))
        _, status, usage = os.wait4(process.pid, 0)
        seconds = times.seconds()
        process.returncode = status
        for file in (told, complaint):
            file.seek(0)
        last = told.read().decode().strip().rsplit("\n", 1)[-1]
        if status != 0 or not re.fullmatch(r"\d+", last):
            reason = complaint.read().decode().strip().rsplit("\n", 1)[-1]
            return emulated.counted() | {"tool": name, "failed": f"{reason or last}"[:90]}
    return emulated.counted() | {"tool": name, "rows": int(last), "seconds": seconds,
                                    "cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}


def line(result, rows):
    what = f"{result['tool']:<31} {result.get('stores', ''):<31}"
    if "failed" in result:
        return f"{what} failed after {result['calls']} calls: {result['failed']}"
    wrong = "" if result["rows"] == rows or ", " in result["tool"] else f"  ONLY {result['rows']} ROWS"
    return (f"{what} {result['rows'] / result['seconds']:>9,.0f} {result['seconds']:>8.2f} {result['cpu']:>7.2f} {result['calls']:>6}"
            f" {result['bytes'] / 1e6:>8.1f} {result['megabytes']:>8.1f}{wrong}")


def ours(arguments, databases, folder, emulated, rows):
    for kind, stores in [("sqlite", "SQLite, 2 indexes"), ("postgres", "PostgreSQL, 2 indexes")]:
        address = f"sqlite:{folder}/ours.db" if kind == "sqlite" else databases.new()
        for result in our_pull.results(arguments.server, emulated, address, FIELDS.split(","), rows):
            yield result | {"stores": stores}


def compare(rows, arguments, databases):
    wanted = [name for name in (arguments.only or "").split(",") if name]
    results = []
    with tempfile.TemporaryDirectory(prefix="tsugite-peers") as folder, org.Org(arguments.server, rows) as emulated:
        folder = pathlib.Path(folder)
        head(rows)

        def note(result):
            results.append(result)
            print(line(result, rows), flush=True)

        for result in ours(arguments, databases, folder, emulated, rows):
            note(result)
        peers = Peers(emulated.base, rows, arguments.clients, arguments.peers, folder, databases)
        for name, stores, prepare in peers.all():
            if wanted and not any(part in name for part in wanted):
                continue
            command, settings = prepare()
            note(measure(emulated, name, command, settings) | {"stores": stores})
    ratios(results, rows)


def memory(arguments, databases):
    """What the server needs for few rows and for many."""
    peaks = {}
    for rows in [FEW, MANY]:
        with tempfile.TemporaryDirectory(prefix="tsugite-peers") as folder, org.Org(arguments.server, rows) as emulated:
            head(rows)
            for result in ours(arguments, databases, folder, emulated, rows):
                print(line(result, rows), flush=True)
                if result["tool"] == "Tsugite":
                    peaks.setdefault(result["stores"], []).append(result["megabytes"])
    for stores, (few, many) in peaks.items():
        print(f"peak memory, {stores}: {few:.1f} MB for {FEW:,} rows, {many:.1f} MB for {MANY:,}: {many - few:+.1f} MB")


def ratios(results, rows):
    for kind in ["SQLite", "PostgreSQL"]:
        done = [result for result in results if result.get("rows") == rows and "seconds" in result]
        ours = next((one for one in done if one["tool"].startswith("Tsugite") and kind in one["stores"]), None)
        if ours is None:
            continue
        other = "PostgreSQL" if kind == "SQLite" else "SQLite"
        print(f"Tsugite into {kind} is as fast as, times:")
        for peer in done:
            if not peer["tool"].startswith("Tsugite") and other not in peer["stores"]:
                print(f"  {peer['seconds'] / ours['seconds']:>6.2f}  {peer['tool']}, {peer['stores']}")


def absolute(path):
    """Some of the programs run in a folder of their own."""
    return pathlib.Path(path).absolute()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server", type=absolute)
    parser.add_argument("clients", type=absolute)
    parser.add_argument("peers", type=absolute)
    parser.add_argument("rows", type=int, nargs="*")
    parser.add_argument("--only", help="parts of the names of the programs to compare with")
    parser.add_argument("--memory", action="store_true", help="also compare our memory for few and for many rows")
    arguments = parser.parse_args()
    with postgres.Postgres() as databases:
        for rows in arguments.rows:
            compare(rows, arguments, databases)
        if arguments.memory:
            memory(arguments, databases)


if __name__ == "__main__":
    main()
