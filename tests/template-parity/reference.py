"""Writes what Jinja2 itself, set up as transformers does, makes of the snippets and of the conversations.

    npm ci && node render.mjs /tmp/rendered.json && python3 reference.py /tmp/rendered.json

Run by hand when a snippet, a template or a conversation is added; needs Python 3 with Jinja2 3.1 (Debian: python3-jinja2). The tests
need neither. reference.json has the snippets' output in full; reference-conversations.json has the beginning of each output's SHA-256, or
"error", since the outputs together are megabytes.
"""
import hashlib
import json
import pathlib
import sys
import jinja2
import jinja2.ext
import jinja2.sandbox

folder = pathlib.Path(__file__).parent


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
)
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = lambda format: ""


def render(source, context):
    try:
        return environment.from_string(source).render(**context)
    except Exception as error:
        return {"error": str(error)}


context = json.loads((folder / "context.json").read_text(encoding="utf-8"))
snippets = json.loads((folder / "snippets.json").read_text(encoding="utf-8"))
lines = [json.dumps(render(snippet, context), ensure_ascii=False) for snippet in snippets]
(folder / "reference.json").write_text("[\n  " + ",\n  ".join(lines) + "\n]\n", encoding="utf-8")

rendered = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
conversations = [json.loads(conversation) for conversation in rendered["conversations"]]


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12] if isinstance(text, str) else "error"


digests = {"conversations": digest("\n".join(rendered["conversations"]))}
for template in rendered["templates"]:
    tokens = {name: token for name, token in template["tokens"].items() if token is not None}
    digests[template["name"]] = " ".join(digest(render(template["source"], {**tokens, **each})) for each in conversations)
(folder / "reference-conversations.json").write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
