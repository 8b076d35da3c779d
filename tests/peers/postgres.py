"""A private PostgreSQL server on a socket, for one program after the other."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.parse

PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent


class Postgres:
    """Whoever asks for a database gets a new server: one that has worked before has files of its log to use again."""

    def __init__(self):
        # initdb refuses root, so root lends it the user postgres.
        self.is_root = os.getuid() == 0
        self.lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if self.is_root else []
        self.folder = None
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def begin(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tsugite-pg", dir="/tmp"))
        if self.is_root:
            shutil.chown(self.folder, "postgres")
        data = self.folder / "data"
        make = [*self.lent, PROGRAMS / "initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "-D", data]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        serve = [*self.lent, PROGRAMS / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses="]
        self.server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", self.folder]).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not answer within ten seconds")

    def end(self):
        if self.server is not None:
            self.server.terminate()
            self.server.wait()
            self.server = None
            shutil.rmtree(self.folder, ignore_errors=True)

    def new(self):
        """The address of an empty database on a new server; the one before is gone."""
        self.end()
        self.begin()
        psql = [PROGRAMS / "psql", "-q", "-h", self.folder, "-U", "postgres", "-c", "CREATE DATABASE compare"]
        subprocess.run(psql, check=True)
        return f"postgres://postgres@{urllib.parse.quote(str(self.folder), safe='')}/compare"
