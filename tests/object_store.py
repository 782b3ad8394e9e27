"""A real server that speaks the protocol of object stores and checks every signature: moto's.

It is a program of its own environment (`BUDGETPOOL_MOTO` names its `moto_server`).
"""

import os
import re
import socket
import subprocess
import time
import urllib.request
from urllib.parse import urlencode

import pytest

from budgetpool.files.storage import ObjectStorage

USER = {"UserName": "budgetpool"}
POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)
SET_UP = (
    {"Action": "CreateUser", **USER},
    {"Action": "PutUserPolicy", "PolicyName": "all", "PolicyDocument": POLICY, **USER},
    {"Action": "CreateAccessKey", **USER},
)
NO_SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, "
    "SignedHeaders=host, Signature=x"
)


class Store:
    """The server: may be killed and started again; what it held is then gone."""

    def __init__(self, program, port):
        self.program, self.port, self.process = program, port, None

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "-H", "127.0.0.1", "-p", str(self.port)],
            env=os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": str(len(SET_UP))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                time.sleep(0.1)
        *_, made = [self._iam(asked) for asked in SET_UP]
        key = re.search(r"<AccessKeyId>(.*?)</", made)[1]
        secret = re.search(r"<SecretAccessKey>(.*?)</", made)[1]
        safe = urlencode({"": secret})[1:]
        self.url = f"s3+http://{key}:{safe}@127.0.0.1:{self.port}/files"
        ObjectStorage(self.url).bucket.make()

    def stop(self):
        self.process.kill()
        self.process.wait()

    def _iam(self, asked):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/",
            data=urlencode(asked | {"Version": "2010-05-08"}).encode(),
            headers={"Authorization": NO_SIGNATURE},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()


@pytest.fixture(scope="session")
def store():
    """A running store with an empty bucket, and its address with key and secret in `url`."""
    program = os.environ.get("BUDGETPOOL_MOTO", "")
    if not program:
        pytest.skip("set BUDGETPOOL_MOTO to moto's server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = Store(program, port)
    store.start()
    yield store
    store.stop()


@pytest.fixture
def bucket(store):
    """The bucket, empty."""
    bucket = ObjectStorage(store.url).bucket
    for name, _ in list(bucket.names()):
        bucket.delete(name)
    return bucket
