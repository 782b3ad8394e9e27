"""The process that solving processes are forked from: all imports done, nothing solved yet.

Starting an interpreter and importing what a solve needs takes half a second, a fork some
milliseconds. So a program that solves keeps one host (client.py), which answers on a socket:
for every solve it gets four descriptors, and forks.

    model    where the child reads its task         answers  where it writes its answers
    words    its standard error                     leash    pid and exit code, four bytes each

When the program closes its end of a leash, the child and all it started are killed; when the
program ends, however it ends, every leash closes and the host ends too. A child starts from the
state right after the imports, whatever was solved before.
"""

import gc
import os
import select
import signal
import socket
import sys
import traceback

from allocation.optimiser.process import wire
from allocation.optimiser.process.serving import serve

DESCRIPTORS = 4


def host(control: int) -> None:
    """Fork a child for every request on the socket `control`, until that closes."""
    gc.freeze()  # what was imported stays shared with the children
    gc.enable()
    requests = socket.socket(fileno=control)
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    children: dict[int, int] = {}  # leash to pid
    while True:
        ready = select.select([control, ended, *children], [], [])[0]
        if ended in ready:
            os.read(ended, 1 << 12)
            _tell_the_dead(children)
        for leash in [leash for leash in children if leash in ready]:
            _say(leash, _kill(children.pop(leash)))
            os.close(leash)
        if control in ready:
            descriptors = socket.recv_fds(requests, 1, DESCRIPTORS)[1]
            if not descriptors:
                break
            leash = descriptors[-1]
            children[leash] = _fork(requests, [ended, wake, *children], *descriptors)
    for pid in children.values():
        _kill(pid)


def _fork(
    requests: socket.socket, others: list[int], model: int, answers: int, words: int, leash: int
) -> int:
    pid = os.fork()
    if pid:
        _say(leash, pid)
        for descriptor in (model, answers, words):
            os.close(descriptor)
        return pid
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(words, sys.stderr.fileno())
        for descriptor in (requests.detach(), leash, words, *others):
            os.close(descriptor)
        serve(model, answers)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _tell_the_dead(children: dict[int, int]) -> None:
    """Write the exit code of every child that has ended on its leash, and let go of it."""
    for leash, pid in list(children.items()):
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            _say(leash, _kill(pid))  # what it started may still run
            os.close(leash)
            del children[leash]


def _say(leash: int, number: int) -> None:
    try:
        os.write(leash, wire.word(number))
    except BrokenPipeError:
        return  # nobody waits for it any more


def _kill(pid: int) -> int:
    """Kill a child, which was not waited for yet, with all it started; return its exit code."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(pid, signal.SIGKILL)  # forked, and not yet the leader of its group
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
