# SPDX-License-Identifier: MIT
"""One QEMU process with its guest."""

import ctypes
import functools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from . import image, kernel, qemu
from .accelerator import Accelerator
from .agent_port import AgentPort, Overdue
from .paths import RUNS
from .qmp import Qmp
from .releases import Release
from .shell import Failed, tail

# Where a hot-plugged disk sits, so that a restored guest finds it at the same place.
_BUILD_DISK = "virtio-blk-pci,drive=build,serial=build,addr=0x10,id=build"
_KERNEL_LINE = (
    "console=ttyS0 loglevel=5 panic=1 oops=panic nowatchdog nokaslr mitigations=off "
    "tsc=reliable clocksource=tsc systemd.show_status=0"
)
_PR_SET_PDEATHSIG = 1
_KEPT_RUNS = 8


class Machine:
    """A guest that has been started; close() ends it, so does the end of this process.

    Limits: to be made and used by the main thread, whose end the kernel reports to QEMU.
    """

    def __init__(
        self, release: Release, accelerator: Accelerator, *,
        build_disk: Path | None = None, state: Path | None = None, kernel_words: str = "",
    ) -> None:
        RUNS.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=RUNS))
        self.console = self.folder / "console.log"
        argv = self._argv(release, accelerator, build_disk, f"{_KERNEL_LINE} {accelerator.kernel_words} {kernel_words}")
        if state:
            argv += ["-incoming", "defer"]
        self._begin(argv)
        if state:
            self.qmp.load_state(str(state))

    def _argv(
        self, release: Release, accelerator: Accelerator, build_disk: Path | None, kernel_line: str
    ) -> list[str]:
        files = image.prepare(release)
        argv = [*qemu.command(), "-M", "pc", *accelerator.argv]
        argv += ["-m", "2G", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"]
        argv += ["-kernel", str(kernel.prepare(release)), "-initrd", str(image.initrd(release))]
        argv += ["-append", kernel_line, "-serial", f"file:{self.console}"]
        argv += _disk_options("root", files / "root.erofs")
        argv += ["-device", "virtio-blk-pci,drive=root,serial=root,addr=0x4"]
        argv += ["-device", "virtio-serial-pci,addr=0x5", "-device", "virtio-rng-pci,addr=0x6"]
        # Tells a restored kernel that its random numbers have been used before.
        argv += ["-device", "vmgenid,guid=auto"]
        if build_disk:
            argv += [*_disk_options("build", build_disk), "-device", _BUILD_DISK]
        return argv

    def _begin(self, argv: list[str]) -> None:
        qmp, qmp_end = socket.socketpair()
        agent, agent_end = socket.socketpair()
        argv += ["-chardev", f"socket,id=qmp,fd={qmp_end.fileno()}"]
        argv += ["-mon", "chardev=qmp,mode=control"]
        argv += ["-chardev", f"socket,id=agent,fd={agent_end.fileno()}"]
        argv += ["-device", "virtserialport,chardev=agent,name=agent"]
        with (self.folder / "qemu.log").open("wb") as log, qmp_end, agent_end:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=(qmp_end.fileno(), agent_end.fileno()),
                preexec_fn=functools.partial(_die_with, os.getpid()), start_new_session=True,
            )
        self.agent = AgentPort(agent)
        try:
            self.qmp = Qmp(qmp)
        except (Failed, OSError) as reason:
            self.close(keep=True)
            raise Failed(f"QEMU does not start: {tail(self.folder / 'qemu.log')}") from reason

    def plug_build_disk(self, disk: Path) -> None:
        file = {"driver": "file", "filename": str(disk), "read-only": True}
        self.qmp.order(
            "blockdev-add", driver="raw", **{"node-name": "build", "read-only": True, "file": file}
        )
        driver, *options = _BUILD_DISK.split(",")
        self.qmp.order("device_add", driver=driver, **dict(item.split("=") for item in options))

    def run_quietly(self, command: str, what: str, limit_s: float) -> str:
        """Runs a command of ours; its output matters only when it fails."""
        output = bytearray()
        job = self.agent.start(command, b"", output.extend, output.extend)
        try:
            status = job.wait(time.monotonic() + limit_s)
        except Overdue:
            raise Failed(f"{what}: no end after {limit_s:.0f} s; {self._said(output)}") from None
        if status != 0:
            raise Failed(f"{what}: status {status}; {self._said(output)}")
        return output.decode(errors="replace")

    def _said(self, output: bytearray) -> str:
        said = output.decode(errors="replace").strip()
        return f"it said:\n{said}\nand the end of the console log is:\n{tail(self.console)}"

    def close(self, keep: bool = False) -> None:
        """Ends the guest; its folder with the console log stays if somebody is to look at it."""
        self._process.kill()
        self._process.wait()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        _drop_old_runs()


def _disk_options(name: str, path: Path) -> list[str]:
    return ["-blockdev", f"driver=raw,node-name={name},read-only=on,file.driver=file,"
            f"file.read-only=on,file.filename={path}"]


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request
        os._exit(1)


def _drop_old_runs() -> None:
    """Keeps the last few folders of guests that have ended."""
    ended = [path for path in RUNS.iterdir() if not Path("/proc", path.name.split("-")[0]).exists()]
    for path in sorted(ended, key=lambda path: path.stat().st_mtime)[:-_KEPT_RUNS]:
        shutil.rmtree(path, ignore_errors=True)
