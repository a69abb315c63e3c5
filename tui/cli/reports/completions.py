"""Completion scripts for shells, made from what the command line takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from shlex import quote
from typing import Final

from tui.cli.reports.arguments import Argument, Form
from tui.cli.words import VALUED

Script = Callable[[Form, Sequence[Form]], str]


def bash_script(root: Form, forms: Sequence[Form]) -> str:
    """For bash 3.2 and later, without the package bash-completion."""
    names = " ".join(form.name for form in forms)
    valued = "|".join(sorted(VALUED))
    cases = "\n".join(_bash_case(form) for form in (root, *forms))
    return f"""\
# bash completion for fn-tui
_fn_tui() {{
  local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}" command="" word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="${{COMP_WORDS[index]}}"
    case "$word" in
      {valued}) ((index++)) ;;
      -*) ;;
      *) case " {names} " in *" $word "*) command="$word" ;; esac; break ;;
    esac
  done
  COMPREPLY=()
  local options="" operands="" commands="{names}"
  [ -n "$command" ] && commands=""
  case "$command" in
{cases}
  esac
  if [ "${{cur:0:1}}" = "-" ]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    return
  fi
  [ -n "$commands" ] && COMPREPLY=($(compgen -W "$commands" -- "$cur"))
  local IFS=$'\\n'
  case "$operands" in
    file) COMPREPLY+=($(compgen -f -- "$cur")) ;;
    folder) COMPREPLY+=($(compgen -d -- "$cur")) ;;
    "") ;;
    *) COMPREPLY+=($(IFS=' '; compgen -W "$operands" -- "$cur")) ;;
  esac
}}
complete -o filenames -F _fn_tui fn-tui
"""


def _bash_case(form: Form) -> str:
    flags = " ".join(flag for option in form.options for flag in option.flags)
    values = "\n".join(_bash_value(option) for option in form.options if option.kind != "none")
    operand = next(iter(form.operands), None)
    taken = "" if operand is None else " ".join(operand.words) or (operand.kind if operand.kind != "text" else "")
    inner = f'      case "$prev" in\n{values}\n      esac\n' if values else ""
    return f'    {quote(form.name)})\n      options="{flags}"\n      operands="{taken}"\n{inner}      ;;'


def _bash_value(option: Argument) -> str:
    answers = {
        "words": f'COMPREPLY=($(compgen -W "{" ".join(option.words)}" -- "$cur"))',
        "file": "local IFS=$'\\n'; COMPREPLY=($(compgen -f -- \"$cur\"))",
        "folder": "local IFS=$'\\n'; COMPREPLY=($(compgen -d -- \"$cur\"))",
    }
    return f"        {'|'.join(option.flags)}) {answers.get(option.kind, ':')}; return ;;"


def zsh_script(root: Form, forms: Sequence[Form]) -> str:
    """For zsh, as a file `_fn-tui` on its fpath, or read by `source` after compinit."""
    commands = "\n".join(f"    {quote(f'{form.name}:{form.summary}')}" for form in forms)
    cases = "\n".join(f"    {form.name})\n      _arguments {_zsh_specs(form)}\n      ;;" for form in forms)
    return f"""\
#compdef fn-tui
# zsh completion for fn-tui
_fn_tui() {{
  local -a commands
  commands=(
{commands}
  )
  local index name=""
  for ((index = 2; index < CURRENT; index++)); do
    case "${{words[index]}}" in
      {"|".join(sorted(VALUED))}) ((index++)) ;;
      -*) ;;
      *) name="${{words[index]}}"; break ;;
    esac
  done
  if [[ -n "$name" ]]; then
    words=("${{(@)words[index,-1]}}")
    ((CURRENT -= index - 1))
  fi
  case "$name" in
{cases}
    *)
      _arguments {_zsh_specs(root, operands=False)} '*: :->rest'
      if [[ "$state" == rest ]]; then
        _describe -t commands 'subcommand' commands
        _files -/
      fi
      ;;
  esac
}}
if [[ "$funcstack[1]" == "_fn-tui" ]]; then _fn_tui "$@"; else compdef _fn_tui fn-tui; fi
"""


def _zsh_specs(form: Form, *, operands: bool = True) -> str:
    specs = [_zsh_option(flag, option) for option in form.options for flag in option.flags]
    if operands:
        specs += [_zsh_operand(each) for each in form.operands]
    return " ".join(map(quote, specs))


def _zsh_operand(operand: Argument) -> str:
    return f"{'*' if operand.repeats else ''}:{_zsh_text(operand.metavar)}:{_zsh_value(operand)}"


def _zsh_option(flag: str, option: Argument) -> str:
    told = f"{'*' if option.repeats else ''}{flag}[{_zsh_text(option.help)}]"
    return told if option.kind == "none" else f"{told}:{_zsh_text(option.metavar)}:{_zsh_value(option)}"


def _zsh_text(text: str) -> str:
    """Text in which no character ends a part of a specification."""
    for special in "\\[]:":
        text = text.replace(special, f"\\{special}")
    return text


def _zsh_value(argument: Argument) -> str:
    if argument.words:
        return f"({' '.join(argument.words)})"
    return {"file": "_files", "folder": "_files -/"}.get(argument.kind, " ")


def fish_script(root: Form, forms: Sequence[Form]) -> str:
    """For fish, as a file `fn-tui.fish` in its folder of completions."""
    names = " ".join(form.name for form in forms)
    first = f"not __fish_seen_subcommand_from {names}"
    lines = ["# fish completion for fn-tui", "complete -c fn-tui -f"]
    lines += [f"complete -c fn-tui -n {quote(first)} -a {form.name} -d {quote(form.summary)}" for form in forms]
    lines += _fish_lines(root, first)
    for form in forms:
        lines += _fish_lines(form, f"__fish_seen_subcommand_from {form.name}")
    return "\n".join(lines) + "\n"


def _fish_lines(form: Form, where: str) -> list[str]:
    head = f"complete -c fn-tui -n {quote(where)}"
    lines = [f"{head} {_fish_option(option)} -d {quote(option.help)}" for option in form.options]
    return lines + [f"{head} {_fish_value(each)}" for each in form.operands if each.kind != "text"]


def _fish_option(option: Argument) -> str:
    flags = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags)
    if option.kind == "none":
        return flags
    # -x: no file stands for it.
    return f"{flags} {'-r' if option.kind in ('file', 'folder') else '-x'} {_fish_value(option)}".rstrip()


def _fish_value(argument: Argument) -> str:
    if argument.words:
        return f"-a {quote(' '.join(argument.words))}"
    return {"file": "-F", "folder": "-a '(__fish_complete_directories)'"}.get(argument.kind, "")


SCRIPTS: Final[dict[str, Script]] = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}
