"""A cluster behind TLS, by Dask's own settings: certificates are made by the openssl program."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from distributed import Security

from tests.cluster.processes import LIMIT, Cluster, Nursery, make_function
from tui.cluster.client import Cluster as Client
from tui.cluster.terms import ClusterError

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made by openssl")


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def authority(folder: Path) -> Path:
    """A certificate authority, and a certificate of its own for all parts of a cluster."""
    folder.mkdir()
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl(
        folder, "req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=fn-tui test"
    )
    openssl(folder, "req", *curve, "-keyout", "node.key", "-out", "node.csr", "-subj", "/CN=node")
    openssl(
        folder, "x509", "-req", "-in", "node.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
        "-out", "node.pem",
    )  # fmt: skip
    return folder


def settings(folder: Path) -> dict[str, str]:
    """Dask's settings, as a person puts them into the environment."""
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    parts = {
        f"{tls}{part}__{name}": str(folder / file)
        for part in ("SCHEDULER", "WORKER", "CLIENT")
        for name, file in (("CERT", "node.pem"), ("KEY", "node.key"))
    }
    return {f"{tls}CA_FILE": str(folder / "ca.pem"), **parts}


@pytest.fixture(scope="module")
def secured(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and a worker behind TLS."""
    folder = tmp_path_factory.mktemp("tls")
    started = Cluster(folder / "cluster", nursery, tls=settings(authority(folder / "ours")))
    try:
        started.begin_worker().registered()
        yield started
    finally:
        started.stop()


def test_builds_run_there_and_nobody_is_asked(secured: Cluster, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn", "echo hello")
    assert secured.address.startswith("tls://")
    with secured.build(here, home=tmp_path) as process:
        output, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (0, ""), output
    assert "hello" in output
    assert (here / "function.wasm").exists()


async def test_who_is_not_trusted_is_told_in_a_sentence(secured: Cluster, tmp_path: Path) -> None:
    folder = authority(tmp_path / "other")
    files = {"tls_client_cert": str(folder / "node.pem"), "tls_client_key": str(folder / "node.key")}
    stranger = Client(secured.address, Security(tls_ca_file=str(folder / "ca.pem"), **files))
    with pytest.raises(ClusterError, match=r"^tls://\S+ and this machine do not trust each other's certificates: \w"):
        await stranger.connect()
    await stranger.close()
    nobody = Client(secured.address)
    with pytest.raises(ClusterError, match=r"^tls://\S+ cannot be used with Dask's settings .* no ca-file among them$"):
        await nobody.connect()
    only = {"distributed.comm.tls.ca-file": str(folder / "ca.pem")}
    with dask.config.set(only), pytest.raises(ClusterError, match=r"there is no client\.cert among them$"):
        await nobody.connect()
    missing = Client(secured.address, Security(tls_ca_file=str(folder / "ca.pem"), tls_client_cert="/nonexistent"))
    with pytest.raises(ClusterError, match="cannot be used with Dask's settings"):
        await missing.connect()
