"""A private PostgreSQL server on a socket, with as many databases as are asked for."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.parse

PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent


class Postgres:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tsugite-pg", dir="/tmp"))
        # initdb refuses root, so root lends it the user postgres.
        is_root = os.getuid() == 0
        self.lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if is_root else []
        if is_root:
            shutil.chown(self.folder, "postgres")
        self.server = None
        self.number = 0

    def __enter__(self):
        data = self.folder / "data"
        make = [*self.lent, PROGRAMS / "initdb", "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "-D", data]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        serve = [*self.lent, PROGRAMS / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses="]
        self.server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", self.folder]).returncode == 0:
                return self
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not answer within ten seconds")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_url(self):
        """The address of a new, empty database."""
        self.number += 1
        name = f"compare_{self.number}"
        psql = [PROGRAMS / "psql", "-q", "-h", self.folder, "-U", "postgres", "-c", f"CREATE DATABASE {name}"]
        subprocess.run(psql, check=True)
        return f"postgres://postgres@{urllib.parse.quote(str(self.folder), safe='')}/{name}"

    new = new_url
