"""Guards of the house: what a reader may rely on without looking."""

import ast
import functools
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[1]
SKIPPED = {"migrations", "vendor"}
FUNCTION, VIEW, FILE, TEMPLATE, SCRIPTS = 40, 20, 400, 150, 660

# Who may write what a queue is made of; the tests of a rule reach behind it on purpose.
WRITERS = {
    f"queueing/{module}.py"
    for module in (
        *("tickets", "sweeps", "ledger", "moves", "desks", "notes", "prints", "reaching"),
        *("forecasts", "learning"),
    )
} | {"hall/record.py"}  # the version of the screens
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
    "update",
}
SQL_WRITE = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+queueing_\w+", re.IGNORECASE)
QUEUE_MODELS = {
    *("QueueDay", "Visit", "Ticket", "TicketEvent"),
    *("Desk", "Note", "Shortfall", "PrintJob", "Forecast", "Learned"),
}

# Django and its admin ask for these by name.
NAMED_BY_DJANGO = re.compile(r"^(400|403|403_csrf|404|500|registration/\w+|admin/.*)\.html$")

# Written so that they do not find themselves.
FOREIGN = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.|jsdeli[v]r|unp[k]g|cloudfl[a]re|crates[.]io"
    r"|(?<![\w.])/wor[k]/|/roo[t]/|/hom[e]/\w|/User[s]/\w"
)
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")} | {
    ("timezone", name) for name in ("now", "localdate", "localtime")
}


def tracked():
    """Every file that is, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for path in set(listed.split("\0")) if path and (ROOT / path).is_file())


FILES = tracked()
MODULES = [p for p in FILES if p.endswith(".py") and not SKIPPED & set(Path(p).parts)]
PORTAL = [path for path in MODULES if not path.startswith(("tests/", "bench/"))]
TEMPLATES = [path for path in FILES if path.startswith("templates/") and path.endswith(".html")]


@functools.cache
def text(path):
    return (ROOT / path).read_text()


@functools.cache
def parsed(path):
    return ast.parse(text(path))


@functools.cache
def functions(path):
    return [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(function):
    return function.end_lineno - function.lineno + 1


def is_view(path):
    return "/views/" in path or Path(path).name in {"views.py", "api.py"}


@functools.cache
def calls(path):
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]


def root_of(node):
    """The name a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def writes(path):
    """Lines that write rows: of queueing models anywhere, of any model in the queue's own app."""
    for call in calls(path):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
            continue
        receiver = call.func.value
        if root_of(receiver) in QUEUE_MODELS or (
            path.startswith("queueing/") and _may_be_ours(receiver, call.func.attr)
        ):
            yield f"{path}:{call.lineno} {ast.unparse(call.func)}"


def _may_be_ours(receiver, method):
    """A row or rows in a variable; other models have names, and dictionaries are updated too."""
    return method != "update" and not root_of(receiver)[:1].isupper()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_migrations_have_names_and_import_none_of_our_rules():
    paths = [path for path in FILES if "/migrations/" in path and "__init__" not in path]
    ours = {config.label for config in apps.get_app_configs() if (ROOT / config.label).is_dir()}
    wrong = [path for path in paths if "_auto_" in path or not re.search(r"/\d{4}_[a-z]", path)]
    for path in paths:
        for node in ast.walk(parsed(path)):
            module = node.module if isinstance(node, ast.ImportFrom) else ""
            # A default of a field is named by its module; rules are never run from there.
            if module and module.split(".")[0] in ours and not module.endswith(".models"):
                wrong.append(f"{path}: {module}")
    assert wrong == []


def test_only_the_rules_write_a_queue():
    found = [line for path in PORTAL if path not in WRITERS for line in writes(path)]
    found += [path for path in PORTAL if path not in WRITERS and SQL_WRITE.search(text(path))]
    assert found == []


def test_views_tasks_and_commands_write_nothing():
    edges = [
        path
        for path in PORTAL
        if is_view(path) or Path(path).name == "tasks.py" or "/commands/" in path
    ]
    found = [
        f"{path}:{call.lineno} {ast.unparse(call.func)}"
        for path in edges
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and "objects" in ast.unparse(call.func.value)
    ]
    assert found == []


def test_one_clock_for_all():
    found = [
        f"{path}:{call.lineno} {ast.unparse(call.func)}"
        for path in PORTAL
        if path != "core/clock.py"
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and (ast.unparse(call.func.value).split(".")[-1], call.func.attr) in CLOCKS
        # With a moment given it only turns it into a local one.
        and not (call.func.attr.startswith("local") and call.args)
    ]
    assert found == []


def test_every_template_is_used():
    everything = "\n".join(text(path) for path in [*PORTAL, *TEMPLATES])
    names = [path.removeprefix("templates/") for path in TEMPLATES]
    unused = [
        name
        for name in names
        if not NAMED_BY_DJANGO.match(name) and not _is_named(name, everything)
    ]
    assert unused == []


def _is_named(name, everything):
    """Named in full, or with the choice between the page and its fragment left open."""
    folder, base = f"{Path(name).parent}/", re.escape(Path(name).name)
    open_choice = rf'"{re.escape(folder)}\{{[^}}"]*\}}{base}"'
    return f'"{name}"' in everything or re.search(open_choice, everything)


def test_functions_are_at_most_forty_lines():
    long = [
        f"{path}:{function.lineno} {function.name} {length(function)}"
        for path in MODULES
        for function in functions(path)
        if length(function) > FUNCTION
    ]
    assert long == []


def test_views_are_at_most_twenty_lines():
    long = [
        f"{path}:{function.lineno} {function.name} {length(function)}"
        for path in PORTAL
        if is_view(path)
        for function in functions(path)
        if length(function) > VIEW
    ]
    assert long == []


def test_views_catch_nothing():
    caught = [
        f"{path}:{node.lineno}"
        for path in PORTAL
        if is_view(path)
        for function in functions(path)
        if not function.name.startswith("_")
        for node in ast.walk(function)
        if isinstance(node, ast.Try)
    ]
    assert caught == []


def test_files_are_at_most_four_hundred_lines():
    counted = {path: len(text(path).splitlines()) for path in PORTAL}
    assert {path: lines for path, lines in counted.items() if lines > FILE} == {}


def test_templates_are_at_most_a_hundred_and_fifty_lines():
    counted = {path: len(text(path).splitlines()) for path in TEMPLATES}
    assert {path: lines for path, lines in counted.items() if lines > TEMPLATE} == {}


def test_our_own_javascript_is_at_most_six_hundred_and_sixty_lines():
    scripts = {
        path: len(text(path).splitlines())
        for path in FILES
        if path.startswith("static/") and path.endswith(".js") and "/vendor/" not in path
    }
    assert sum(scripts.values()) <= SCRIPTS, scripts


def test_templates_hold_no_style_no_script_no_handler():
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE
    )
    assert [path for path in TEMPLATES if inline.search(text(path))] == []


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{path}:{node.lineno}"
        for path in MODULES
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_no_signals():
    signals = re.compile(r"django\.dispatch|models\.signals|@receiver|Signal\(")
    assert [path for path in PORTAL if signals.search(text(path))] == []


def test_no_module_is_empty():
    empty = [
        path
        for path in MODULES
        if Path(path).name != "__init__.py" and not _says_something(parsed(path).body)
    ]
    hollow = [
        path
        for path in MODULES
        if Path(path).name == "__init__.py"
        and not text(path).strip()
        and not any(other != path and _inside(other, path) for other in MODULES)
        and not path.startswith("tests/")
    ]
    assert empty + hollow == []


def _says_something(body):
    return any(not isinstance(node, ast.Expr) for node in body)


def _inside(other, package):
    return other.startswith(f"{Path(package).parent}/") and not other.endswith("__init__.py")


def test_no_file_names_an_index_of_packages_or_a_place_on_a_machine():
    found = []
    for path in FILES:
        try:
            lines = text(path).splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path}:{n}" for n, line in enumerate(lines, 1) if FOREIGN.search(line)]
    assert found == []


def test_no_test_is_skipped():
    skips = re.compile(r"mark\.(skip|xfail)|pytest\.(skip|xfail|importorskip)\b|unittest\.skip")
    tests = [path for path in MODULES if path.startswith("tests/")]
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert [path for path in tests if path != here and skips.search(text(path))] == []
