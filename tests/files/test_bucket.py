"""The object store: the protocol's worked examples, and a server that checks each signature."""

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from budgetpool.files import signing
from budgetpool.files.bucket import Bucket, StoreAway
from budgetpool.files.storage import ObjectStorage, bucket_of

KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
WORKED = [
    pytest.param(
        {"path": "/test.txt", "query": {}, "headers": {"range": "bytes=0-9"}},
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        id="a part of an object",
    ),
    pytest.param(
        {"path": "/", "query": {"lifecycle": ""}, "headers": {}},
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        id="a question about the bucket",
    ),
    pytest.param(
        {"path": "/", "query": {"max-keys": "2", "prefix": "J"}, "headers": {}},
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        id="a list",
    ),
]


@pytest.mark.parametrize(("asked", "signature"), WORKED)
def test_the_worked_examples_of_the_protocol_come_out(asked, signature):
    empty = signing.sha256(b"")
    headers = {
        "host": "examplebucket.s3.amazonaws.com",
        "x-amz-content-sha256": empty,
        "x-amz-date": "20130524T000000Z",
        **asked["headers"],
    }
    made = signing.authorization(
        method="GET",
        path=asked["path"],
        query=asked["query"],
        headers=headers,
        body_sha256=empty,
        key_id=KEY,
        secret=SECRET,
        region="us-east-1",
        at=datetime(2013, 5, 24, tzinfo=UTC),
    )
    assert made.rpartition("Signature=")[2] == signature


@pytest.mark.tool
class TestServer:
    """What a server says that checks each signature."""

    @pytest.mark.parametrize(
        "name", ["letters/2027/01/1.pdf", "a b+c&d=e.pdf", "brief – één.pdf", "~x-1_2.3"]
    )
    def test_what_was_put_comes_back(self, bucket, name):
        bucket.put(name, b"\0bytes\xff" * 1000)
        assert bucket.get(name) == b"\0bytes\xff" * 1000
        assert (bucket.has(name), bucket.size(name)) == (True, 7000)
        assert list(bucket.names()) == [(name, 7000)]
        bucket.delete(name)
        bucket.delete(name)
        assert not bucket.has(name)
        with pytest.raises(FileNotFoundError):
            bucket.get(name)

    def test_an_empty_file_is_a_file(self, bucket):
        bucket.put("empty", b"")
        assert (bucket.get("empty"), bucket.size("empty")) == (b"", 0)

    def test_a_list_of_more_than_one_page_is_whole(self, bucket):
        for number in range(1003):
            bucket.put(f"n/{number:04}", b"x")
        assert [name for name, _ in bucket.names("n/")] == [f"n/{n:04}" for n in range(1003)]

    def test_a_wrong_secret_opens_nothing(self, bucket):
        bucket.put("theirs", b"x")
        stranger = replace(bucket, secret="another")
        for attack in (
            lambda: stranger.get("theirs"),
            lambda: stranger.put("mine", b"x"),
            lambda: stranger.delete("theirs"),
            lambda: list(stranger.names()),
        ):
            with pytest.raises(StoreAway, match="403"):
                attack()
        assert bucket.get("theirs") == b"x"

    def test_a_bucket_that_is_not_there_is_an_outage_and_no_missing_file(self, bucket):
        with pytest.raises(StoreAway):
            replace(bucket, address=f"{bucket.address}-other").put("x", b"x")

    def test_twenty_threads_keep_their_bytes_apart(self, bucket):
        def back_and_forth(number):
            bucket.put(f"t/{number}", str(number).encode())
            if bucket.get(f"t/{number}") == str(number).encode():
                right.append(number)

        right = []
        threads = [threading.Thread(target=back_and_forth, args=[n]) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(right) == list(range(20))

    def test_the_storage_never_uses_a_name_twice(self, store, bucket):
        storage = ObjectStorage(store.url)
        first = storage.save("a/b.txt", ContentFile(b"first"))
        second = storage.save("a/b.txt", ContentFile(b"second"))
        assert first != second
        with storage.open(first) as one, storage.open(second) as other:
            assert (one.read(), other.read()) == (b"first", b"second")


def test_a_store_that_is_away_is_told_by_a_name_of_its_own():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(StoreAway):
        Bucket(f"http://127.0.0.1:{port}/files", "key", "secret").get("x")


def test_the_secret_stands_in_no_text():
    bucket = bucket_of("s3://key:hush%2Fhush@store.example.nl/files?region=nl-1")
    assert (bucket.secret, bucket.region) == ("hush/hush", "nl-1")
    assert "hush" not in repr(bucket)


@pytest.mark.parametrize(
    "url",
    [
        "s3://store.example.nl/files",
        "s3://key:hush@store.example.nl",
        "https://key:hush@store.example.nl/files",
        "s3://key:hush@store.example.nl/files/more",
        "s3://key@store.example.nl/files",
    ],
)
def test_an_odd_address_is_refused_without_its_secret(url):
    with pytest.raises(ImproperlyConfigured) as refused:
        bucket_of(url)
    assert "BUDGETPOOL_FILES" in str(refused.value)
    assert "hush" not in str(refused.value)
