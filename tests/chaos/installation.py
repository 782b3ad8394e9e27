"""An installation with a database of its own, whose processes may be killed one by one."""

import getpass
import glob
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]
OWNER = "budgetpool-ci"


class Actors:
    """Processes that work, each of one kind, forked from one that has everything loaded."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.facts = folder, folder / "facts"
        self.facts.touch()
        self.alive: dict[int, str] = {}
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "TEST_DATABASE_URL": url,
            "BUDGETPOOL_VAR": str(folder / "var"),
            "CHAOS_FACTS": str(self.facts),
        }
        self.log = (folder / "log").open("ab")
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.actors"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def start(self, kind: str) -> int:
        assert self.parent.stdin
        assert self.parent.stdout
        print(kind, file=self.parent.stdin, flush=True)
        pid = int(self.parent.stdout.readline())
        self.alive[pid] = kind.split()[0]
        return pid

    def run(self, command: str) -> None:
        """Let a process do one thing to its end; an error of its own fails the test."""
        pid = self.start(command)
        while is_alive(pid):
            time.sleep(0.05)
        del self.alive[pid]
        word = {"build": "built", "call": "called"}[command.split()[0]]
        assert self.told()[-1].startswith(word), (self.folder / "log").read_text()[-3000:]

    def kill(self, pid: int) -> None:
        """As the kernel does when memory is short: no good-bye."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.alive.pop(pid, None)

    def told(self) -> list[str]:
        return self.facts.read_text().splitlines()

    def close(self) -> None:
        for pid in list(self.alive):
            self.kill(pid)
        self.parent.kill()
        for end in (self.parent.stdin, self.parent.stdout):
            assert end
            end.close()
        self.parent.wait()
        self.log.close()


class Server:
    """A PostgreSQL of its own that waits for its disk, without a port: a socket in a folder."""

    def __init__(self, folder: Path) -> None:
        [*_, self.bin] = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        self.folder = folder
        if os.geteuid() == 0:
            subprocess.run(["useradd", "--system", OWNER], check=False, capture_output=True)
            subprocess.run(["chown", OWNER, str(folder)], check=True)
        data = folder / "data"
        self._as_owner(f"{self.bin}/initdb -D {data} -U budgetpool --auth=trust -E UTF8 -N")
        options = f"-k {folder} -c listen_addresses= -c max_connections=60 -c shared_buffers=64MB"
        self._as_owner(
            f"{self.bin}/pg_ctl -D {data} -w -l {folder}/server.log -o '{options}' start"
        )
        socket = str(folder).replace("/", "%2F")
        self.url = f"postgres://budgetpool@{socket}/postgres"

    def copy_of(self, url: str) -> None:
        """Hold what a migrated database holds, without migrating again."""
        dump = subprocess.run(
            [f"{self.bin}/pg_dump", "--no-owner", url], check=True, capture_output=True
        )
        command = [f"{self.bin}/psql", "-q", "-h", str(self.folder), "-U", "budgetpool", "postgres"]
        subprocess.run(command, input=dump.stdout, check=True, capture_output=True)

    def kill_one(self, chance: random.Random) -> bool:
        """Kill the process that serves one connection; the server then ends all and recovers."""
        try:
            with psycopg.connect(
                host=str(self.folder), user="budgetpool", dbname="postgres"
            ) as own:
                rows = own.execute(
                    "SELECT pid FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                ).fetchall()
        except psycopg.OperationalError:
            return False
        if not rows:
            return False
        with suppress(ProcessLookupError):
            os.kill(chance.choice(rows)[0], signal.SIGKILL)
        return True

    def stop(self) -> None:
        self._as_owner(f"{self.bin}/pg_ctl -D {self.folder}/data -m immediate stop")

    def _as_owner(self, command: str) -> None:
        words = ["su", OWNER, "-s", "/bin/sh", "-c", command] if os.geteuid() == 0 else None
        assert words or getpass.getuser() != "root"
        done = subprocess.run(
            words or ["sh", "-c", command], capture_output=True, text=True, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stdout + done.stderr


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def children_of(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(folder.name))
    return found
