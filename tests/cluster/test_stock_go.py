"""Stock Go on a worker: what travels is enough, and what it says is what it says here."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from tests.cluster.conftest import connected
from tests.cluster.processes import Cluster, make_function
from tests.cluster.test_builds import lines_of, result_of, run
from tui.building.process.options import BuildOptions
from tui.building.process.runner import Build
from tui.cluster.remote import There
from tui.wasm.decode.read import read_module

WORDS = (b"own of one", b"own of two", b"library")
OUTSIDE = "example.com/Outside"  # a capital is written as !o in the cache


def h1(files: dict[str, bytes]) -> str:
    """Go's hash of a module: of the digests of its files."""
    listing = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "h1:" + base64.b64encode(hashlib.sha256(listing.encode()).digest()).decode()


def download(cache: Path) -> str:
    """Put a module of other people into a download cache; the lines of go.sum for it."""
    folder = cache / "cache/download/example.com/!outside/@v"
    folder.mkdir(parents=True)
    go_mod = f"module {OUTSIDE}\n\ngo 1.21\n".encode()
    files = {
        f"{OUTSIDE}@v1.2.3/{name}": content
        for name, content in (("go.mod", go_mod), ("outside.go", b'package outside\n\nconst Word = "from outside"\n'))
    }
    with zipfile.ZipFile(folder / "v1.2.3.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    (folder / "v1.2.3.mod").write_bytes(go_mod)
    (folder / "v1.2.3.info").write_text('{"Version":"v1.2.3"}')
    return f"{OUTSIDE} v1.2.3 {h1(files)}\n{OUTSIDE} v1.2.3/go.mod {h1({'go.mod': go_mod})}\n"


def monorepo(root: Path, elsewhere: Path, sums: str) -> Path:
    """A module with a function, a shared package that embeds a file, one replaced absolutely, and one of others."""
    (root / "shared").mkdir(parents=True)
    elsewhere.mkdir()
    (root / "go.mod").write_text(
        f"module example.com/mono\n\ngo 1.24\n\nrequire (\n\texample.com/near v0.0.0\n\t{OUTSIDE} v1.2.3\n)\n\n"
        f"replace example.com/near => {elsewhere}\n"
    )
    (root / "go.sum").write_text(sums)
    (elsewhere / "go.mod").write_text("module example.com/near\n\ngo 1.24\n")
    (elsewhere / "near.go").write_text('package near\n\nconst Word = "from near"\n')
    (root / "shared/words.txt").write_text("embedded")
    (root / "shared/shared.go").write_text(
        'package shared\n\nimport _ "embed"\n\n//go:embed words.txt\nvar Words string\n'
    )
    function = root / "fn"
    function.mkdir()
    (function / "function.yaml").write_text("name: fn\n")
    (function / "function.go").write_text(
        'package main\n\nimport (\n\t"os"\n\n\t"example.com/mono/shared"\n\t"example.com/near"\n'
        f'\toutside "{OUTSIDE}"\n)\n\n'
        "func main() { os.Stdout.WriteString(shared.Words + near.Word + outside.Word) }\n"
    )
    return function


def functions(root: Path, *names: str) -> list[Path]:
    """Functions of one module that share a package."""
    (root / "shared").mkdir(parents=True)
    (root / "go.mod").write_text("module example.com/ws\n\ngo 1.24\n")
    (root / "shared/shared.go").write_text("package shared\n\nfunc Say(word string) { println(word) }\n")
    made = []
    for name in names:
        body = f'import "example.com/ws/shared"\n\nfunc init() {{ shared.Say("{name}") }}\n\n'
        made.append(make_function(root / name, body=body))
        (made[-1] / "go.mod").unlink()
    return made


@pytest.mark.slow
async def test_equal_functions_give_equal_modules_wherever_they_are_built(
    bare: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below another folder for private paths, too, and after other functions."""
    monkeypatch.setenv("PATH", os.environ["PATH"].removeprefix(f"{bare.bin}{os.pathsep}"))  # no stand-in for Go
    monkeypatch.setenv("GOPROXY", "off")
    here, other = functions(tmp_path / "ws", "fn", "other")
    modules: list[bytes] = []
    for number in range(2):
        builds = tmp_path / f"builds{number}"
        if number:
            builds.mkdir(mode=0o777)
            builds.chmod(0o777)  # so it is not taken: the worker builds in its own folder
        worker = bare.begin_worker(env={"FN_TUI_BUILDS": str(builds)}).registered()
        async with connected(bare.address, "go") as client:
            for function in (other, here)[1 - number :]:
                result = result_of(await run(Build(function, BuildOptions("go", executor=There(client)))))
                assert (result.status, result.note) == ("built", None)
        modules.append((here / "function.wasm").read_bytes())
        worker.kill()
    assert modules[0] == modules[1]
    assert b"/proc/self/fd/99/src/fn/function.go" in modules[0]


@pytest.mark.slow
async def test_builds_at_once_see_only_their_own_files(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though all have one path: functions of one name, nested ones, one that imports what lies in another's folder, and
    one to which that is missing.
    """
    monkeypatch.setenv("GOPROXY", "off")
    made: dict[str, Path] = {}
    for place in ("one", "two"):
        root = tmp_path / place
        names = ("fn", "fn/inner", "other")
        made |= {f"{place}/{name}": here for name, here in zip(names, functions(root, *names), strict=True)}
        (root / "shared/shared.go").write_text(
            f'package shared\n\nfunc Say(word string) {{ println(word, "{place}") }}\n'
        )
        (root / "fn/own.go").write_text(f'package main\n\nfunc init() {{ println("own of {place}") }}\n')
        source = (root / "other/function.go").read_text()
        source = source.replace("import ", 'import _ "example.com/ws/fn/lib"\nimport ', 1)
        (root / "other/function.go").write_text(source)
    (tmp_path / "one/fn/lib").mkdir()
    (tmp_path / "one/fn/lib/lib.go").write_text('package lib\n\nfunc init() { println("library") }\n')

    async with connected(cluster.address, "go") as client:

        async def built(here: Path) -> tuple[str, bytes | None]:
            result = result_of(await run(Build(here, BuildOptions("go", executor=There(client)))))
            module = here / "function.wasm"
            return result.status, module.read_bytes() if module.exists() else None

        at_once = dict(zip(made, await asyncio.gather(*map(built, made.values())), strict=True))
        alone = {name: await built(here) for name, here in made.items()}
    assert at_once == alone
    assert {name for name, (status, _) in alone.items() if status != "built"} == {"two/other"}
    said = {word: {name for name, (_, module) in alone.items() if module and word in module} for word in WORDS}
    assert said == dict(zip(WORDS, ({"one/fn"}, {"two/fn"}, {"one/other"}), strict=True))
    cluster.nothing_left()


@pytest.mark.slow
async def test_a_monorepo_with_modules_of_others(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = monorepo(tmp_path / "ws", tmp_path / "near", download(tmp_path / "modules"))
    for name, value in {"GOMODCACHE": str(tmp_path / "modules"), "GOPROXY": "off", "GOSUMDB": "off"}.items():
        monkeypatch.setenv(name, value)
    async with connected(cluster.address, "go") as client:
        there, local = BuildOptions("go", executor=There(client)), BuildOptions("go")
        result = result_of(await run(Build(here, there)))
        assert result.status == "built", result
        content = (here / "function.wasm").read_bytes()
        assert all(word in content for word in (b"embedded", b"from near", b"from outside"))
        assert read_module(here / "function.wasm").errors == ()
        (tmp_path / "ws/shared/shared.go").write_text("package shared\n\nvar Words string = 1\n")
        await run(Build(here, local))  # Go tells of its first look into a cache
        remote, own = await run(Build(here, there)), await run(Build(here, local))
    assert lines_of(remote) == lines_of(own) != []
    assert result_of(remote).diagnostics == result_of(own).diagnostics
    assert result_of(remote).error == result_of(own).error
    assert (here / "function.wasm").read_bytes() == content
