"""Ports: is one free, and does somebody listen there?"""

import socket

import pytest

from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.server.listening import check_free, free_port, origin, wait_until_listening
from tests.ports import reserved_port


def test_a_free_port_is_below_those_that_clients_are_given() -> None:
    assert free_port() < 32768


def test_a_port_that_is_taken_is_not_free() -> None:
    free = reserved_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert free_port([free, taken.getsockname()[1]]) == free


def test_a_port_is_taken_if_one_of_its_hosts_addresses_has_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Failed):
        check_free("localhost", taken.getsockname()[1])


def test_a_host_without_address_cannot_be_listened_on() -> None:
    with pytest.raises(Failed, match=r"Port 9600 of no\.such\.host\.invalid cannot be listened on"):
        check_free("no.such.host.invalid", 9600)


def test_nobody_is_waited_for_forever() -> None:
    assert not wait_until_listening("127.0.0.1", reserved_port(), patience=0.01)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:9600"),
        ("0.0.0.0", "http://localhost:9600"),
        ("::", "http://localhost:9600"),
        ("10.1.2.3", "http://10.1.2.3:9600"),
        ("fd00::1", "http://[fd00::1]:9600"),
    ],
)
def test_an_address_is_told_as_people_type_it(host: str, address: str) -> None:
    assert origin(host, 9600) == address
